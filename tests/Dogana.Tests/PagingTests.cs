namespace Dogana.Tests;

public sealed class PagingTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Pages_after_each_other_are_the_whole_list_in_order_once(int count)
    {
        string[] all = [.. Enumerable.Range(0, count).Select(number => $"k{number * 7 % 10}")];
        for (var rows = 1; rows <= 7; rows++)
        {
            var (found, after, pages) = (new List<string>(), (string?)null, 0);
            do
            {
                var page = Paging.Of(all, after, rows, static item => item, static item => item.ToUpperInvariant());
                page.Data.Count.ShouldBeLessThanOrEqualTo(rows);
                found.AddRange(page.Data);
                (after, pages) = (page.Next, pages + 1);
            }
            while (after is not null);

            found.ShouldBe(all.Order(StringComparer.Ordinal).Select(static item => item.ToUpperInvariant()));
            pages.ShouldBe(Math.Max(1, (count + rows - 1) / rows), "no empty page at the end");
        }
    }
}
