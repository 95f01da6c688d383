using Dogana.Apply;
using Dogana.Catalog;
using Dogana.Rating;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Rating;

public sealed class PriceFilesTests
{
    private const string Header = "book,name,currency,book_kind,effective_from,retroactive,model,meter,kind,service_tier,prompt_above,per,up_to,amount,flat\n";

    private static readonly DateTimeOffset January = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<(PriceBook Book, PriceBookVersion[] Versions)> Books =
        from name in Gen.Elements("List", "A, \"quoted\" list", "Prix d'été: 1 – 2", "=1+1", "'", "null", "# none")
        from kind in Gen.Elements(Enum.GetValues<PriceBookKind>())
        from count in Gen.Choose(1, 3)
        from versions in Prices.ListOf(count)
        from isRetroactive in Gen.Elements(true, false)
        select (
            new PriceBook("list", name, "USD") { Kind = kind },
            versions.Select((prices, index) => new PriceBookVersion("list", January.AddDays(index).AddMicroseconds(index), prices) { IsRetroactive = isRetroactive }).ToArray());

    private static Gen<Price[]> Prices =>
        from kinds in Gen.Elements(Enum.GetValues<PriceKind>()).ListOf(4)
        from picos in Gen.Choose(0, 2_000_000_000).ListOf(4)
        from tiers in Gen.Choose(2, 5)
        select (Price[])
        [
            .. new[] { (Meter.InputTokens, ServiceTier.Standard, 0L), (Meter.InputTokens, ServiceTier.Standard, 200_000L), (Meter.OutputTokens, ServiceTier.Priority, 0L), (Meter.CacheWriteTokens, ServiceTier.Batch, 0L) }
                .Select((of, index) => Make(of.Item1, kinds[index], picos[index] * 0.000_000_000_001m, tiers) with { ServiceTier = of.Item2, PromptAbove = of.Item3 }),
        ];

    [Fact]
    public void What_is_written_as_csv_is_read_as_it_was() => Checked.ForAll(Books, 61, static item =>
    {
        var text = PriceFiles.ToCsv([item.Book], item.Versions);

        var (books, versions) = PriceFiles.OfCsv(text).Value;

        books.ShouldBe([item.Book]);
        versions.Count.ShouldBe(item.Versions.Length);
        foreach (var (read, written) in versions.Zip(item.Versions))
        {
            (read.EffectiveFrom, read.IsRetroactive).ShouldBe((written.EffectiveFrom, written.IsRetroactive));
            read.Prices.ShouldBe(written.Prices);
        }

        PriceFiles.ToCsv(books, versions).ShouldBe(text);
    });

    [Fact]
    public void What_is_written_as_a_world_file_is_read_as_it_was() => Checked.ForAll(Books, 62, static item =>
    {
        var text = PriceFiles.ToYaml([item.Book], item.Versions);

        var read = WorldFile.Parse(text, "prices.yaml").Value.Books.ShouldHaveSingleItem().Value;

        read.Book.ShouldBe(item.Book);
        PriceFiles.ToYaml([read.Book], [.. read.Versions.Select(static version => version.Value)]).ShouldBe(text);
        foreach (var (version, written) in read.Versions.Zip(item.Versions))
        {
            version.Value.Prices.ShouldBe(written.Prices);
        }
    });

    [Theory]
    [InlineData("list,List,USD,,2026-01-01,,m,Tokens!,,,,1,,1,", "Line 2, column meter: 'Tokens!' is no meter")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,,,,1,,1e5,", "Line 2, column amount: '1e5' is not an amount")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,,,,3,,0.10,", "Line 2, column amount: '0.10' 0.10 per 3 gives no exact price")]
    [InlineData("list,List,USD,,soon,,m,input_tokens,,,,1,,1,", "Line 2, column effective_from: 'soon' is not a date")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,steps,,,1,,1,", "Line 2, column kind: 'steps' is none of unit, package")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,,gold,,1,,1,", "Line 2, column service_tier: 'gold' is none of")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,graduated,,,1,10,1,", "Line 2, column up_to: '10' the last tier ends")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,,,,1,5,1,", "Line 2, column up_to: '5' is for tiers")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,,,,x,,1,", "Line 2, column per: 'x' is not a whole number")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,,,,1,,,", "Line 2, column amount: '' is empty")]
    [InlineData("list,List,USD,,2026-01-01,,m,input_tokens,,,,1,,1,\nlist,Other,USD,,2026-01-01,,m,output_tokens,,,,1,,1,", "Line 3, column book: 'list' has other words than on line 2")]
    [InlineData("list,List,USD", "Line 2: there are 3 fields, and 15 columns")]
    public void Every_fault_names_line_and_column(string rows, string message) => PriceFiles.OfCsv(Header + rows + "\n").Problem.ShouldNotBeNull().Message.ShouldContain(message);

    [Fact]
    public void Several_faults_are_said_at_once()
    {
        var problem = PriceFiles.OfCsv(Header + string.Concat(Enumerable.Repeat("list,List,USD,,soon,,m,input_tokens,,,,1,,1,\n", 25))).Problem.ShouldNotBeNull();

        problem.Message.Split('\n').Length.ShouldBe(21);
        problem.Message.ShouldEndWith("5 more.");
        PriceFiles.OfCsv("book,name\n").Problem!.Message.ShouldContain("no column 'currency'");
        PriceFiles.OfCsv("").Problem!.Message.ShouldContain("empty");
        PriceFiles.OfCsv(Header + "\"list,List\n").Problem.ShouldNotBeNull();
    }

    [Fact]
    public void The_parts_of_a_cost_add_up_to_it() => Checked.ForAll(
        from book in Books
        from quantity in Gen.Choose(0, 5_000)
        select (Prices: book.Versions[0].Prices, quantity),
        63, static item =>
        {
            foreach (var price in item.Prices)
            {
                var parts = PricedPart.Of(price, item.quantity, Currency.Of("USD"));

                Money.Sum(parts.Select(static part => part.Cost), Currency.Of("USD")).ShouldBe(price.CostOf(item.quantity, Currency.Of("USD")));
                parts.ShouldAllBe(part => part.Cost.Amount == part.Amount / price.Per * part.Quantity + part.Flat);
                if (price.Kind != PriceKind.Package)
                {
                    parts.Sum(static part => part.Quantity).ShouldBe(item.quantity);
                }
            }
        });

    private static Price Make(Meter meter, PriceKind kind, decimal amount, int tiers) => kind is PriceKind.Graduated or PriceKind.Volume
        ? new Price("m", meter, 0m, 1) { Kind = kind, Tiers = [.. Enumerable.Range(1, tiers).Select(index => new PriceTier(index == tiers ? null : index * 700L, amount * index, index % 2 * amount))] }
        : new Price("m", meter, amount, kind == PriceKind.Package ? 1_000 : 1) { Kind = kind };
}
