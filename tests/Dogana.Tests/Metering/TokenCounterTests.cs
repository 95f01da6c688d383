using System.Text;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Metering.Tokens;

namespace Dogana.Tests.Metering;

public sealed class TokenCounterTests
{
    // As js-tiktoken 1.0.21 has them.
    private static readonly KnownText[] Known = JsonSerializer.Deserialize<KnownText[]>(
        File.ReadAllBytes(Path.Combine(Repository.Root, "tests/Dogana.Tests/Metering/token-ids.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void Known_texts_have_the_publishers_tokens()
    {
        Known.Length.ShouldBeGreaterThan(36);
        foreach (var known in Known)
        {
            Pairs(TokenizerKind.Cl100k).Encode(Encoding.UTF8.GetBytes(known.Text)).ShouldBe(known.Cl100k, known.Text);
            Pairs(TokenizerKind.O200k).Encode(Encoding.UTF8.GetBytes(known.Text)).ShouldBe(known.O200k, known.Text);
        }
    }

    [Theory]
    [InlineData(TokenizerKind.Cl100k, 100_256)]
    [InlineData(TokenizerKind.O200k, 199_998)]
    public void The_ranks_are_whole(TokenizerKind kind, int count)
    {
        var ranks = Pairs(kind).Ranks;
        ranks.Count.ShouldBe(count);
        for (var rank = 0; rank < count; rank++)
        {
            ranks.Find(ranks.Bytes(rank)).ShouldBe(rank);
        }
    }

    [Theory]
    [InlineData(TokenizerKind.Cl100k)]
    [InlineData(TokenizerKind.O200k)]
    public void Tokens_stand_for_all_bytes_of_any_text_and_are_never_more(TokenizerKind kind)
    {
        var random = new Random(11);
        foreach (var bytes in Known.Select(static known => Encoding.UTF8.GetBytes(known.Text)).Concat(Enumerable.Range(0, 2_000).Select(_ => AnyBytes(random))))
        {
            var tokens = Pairs(kind).Encode(bytes);
            Pairs(kind).Decode(tokens).ShouldBe(bytes);
            tokens.Count.ShouldBeLessThanOrEqualTo(bytes.Length);
            TokenCounter.For(kind).Count(bytes).ShouldBe(tokens.Count);
        }
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("é€😀", 9)]
    public void Bytes_count_one_each(string text, long count)
    {
        TokenCounter.For(TokenizerKind.Bytes).Count(text).ShouldBe(count);
        TokenCounter.For(TokenizerKind.Bytes).Count(Encoding.UTF8.GetBytes(text)).ShouldBe(count);
    }

    [Fact]
    public void Characters_count_as_their_bytes_do()
    {
        foreach (var text in Known.Select(static known => known.Text).Append(string.Concat(Enumerable.Repeat("Съешь ещё, 😀 ", 300))).Append("a\ud800b"))
        {
            TokenCounter.For(TokenizerKind.O200k).Count(text).ShouldBe(TokenCounter.For(TokenizerKind.O200k).Count(Encoding.UTF8.GetBytes(text)), text);
        }
    }

    [Fact]
    public void An_unknown_kind_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => TokenCounter.For((TokenizerKind)99));

    [Fact]
    public void Every_kind_has_one_counter_for_all()
    {
        foreach (var kind in Enum.GetValues<TokenizerKind>())
        {
            TokenCounter.For(kind).ShouldBeSameAs(TokenCounter.For(kind));
        }
    }

    [Fact]
    public async Task Many_threads_count_alike()
    {
        var text = string.Concat(Known.Select(static known => known.Text));
        var counts = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => TokenCounter.For(TokenizerKind.Cl100k).Count(text))));
        counts.Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void Counting_allocates_nothing()
    {
        var counter = TokenCounter.For(TokenizerKind.O200k);
        var text = Encoding.UTF8.GetBytes(string.Concat(Known.Select(static known => known.Text)) + new string('a', 5_000));

        // The first reads the tables and fills the pools; a collection may empty those in between.
        Enumerable.Range(0, 5).Min(_ => AllocatedBy(() => counter.Count(text))).ShouldBeLessThan(1_024);
    }

    [Theory]
    [InlineData("export default {}", "there is no \"bpe_ranks\":\"")]
    [InlineData("\"bpe_ranks\":\"! 1 IQ==\"", "expected rank 0")]
    [InlineData("\"bpe_ranks\":\"! 0 IQ== !!\"", "the token of rank 1 is not base 64")]
    [InlineData("\"bpe_ranks\":\"! 0 IQ==\\n! 5 Ig==\"", "expected rank 1")]
    [InlineData("\"bpe_ranks\":\"! 0 IQ==\\n! 1 Ig==\"", "the byte 0 is no token")]
    public void Ranks_of_another_form_are_refused(string file, string fault) =>
        Should.Throw<InvalidDataException>(() => TokenRanks.Parse(Encoding.UTF8.GetBytes(file), "x.js")).Message.ShouldStartWith("x.js: " + fault);

    private static BytePairCounter Pairs(TokenizerKind kind) => (BytePairCounter)TokenCounter.For(kind);

    private static long AllocatedBy(Func<long> count)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        count();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    // Also bytes that are no UTF-8.
    private static byte[] AnyBytes(Random random)
    {
        var bytes = new byte[random.Next(60)];
        random.NextBytes(bytes);
        return bytes;
    }

    private sealed record KnownText(string Text, int[] Cl100k, int[] O200k);
}
