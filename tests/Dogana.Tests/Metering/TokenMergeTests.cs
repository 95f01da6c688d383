using System.Text;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Metering.Tokens;

namespace Dogana.Tests.Metering;

public sealed class TokenMergeTests
{
    // Each join takes one pair out of the heap and puts two in, in log n steps: 18 for the longest piece. A scan would take a hundred thousand.
    private const int StepsPerByteMax = 80;

    public static TheoryData<TokenizerKind, string> LongRuns
    {
        get
        {
            var data = new TheoryData<TokenizerKind, string>();
            foreach (var kind in new[] { TokenizerKind.Cl100k, TokenizerKind.O200k })
            {
                foreach (var unit in new[] { "a", "A", "ab", "aA", "的", "你好世界", "!", "!=", " ", "\n", " \n", "\t ", "\u0301", "A\u0301", "'", "'s", "/", "!\n", "\n/", "7", "𐌰", "ªA", "é", "Ж", "\u0000", "😀" })
                {
                    data.Add(kind, unit);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(LongRuns))]
    public void A_run_without_a_break_takes_steps_in_proportion_to_its_length(TokenizerKind kind, string unit)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, 300_000 / Encoding.UTF8.GetByteCount(unit))));
        var tally = new TokenTally();
        Pairs(kind).Run(text, ref tally);

        tally.Steps.ShouldBeLessThan((long)StepsPerByteMax * text.Length);
        tally.Tokens.ShouldBeInRange(1, text.Length);
    }

    [Fact]
    public void A_run_of_case_and_marks_is_read_a_few_times_at_most()
    {
        // What the words of o200k look ahead for and then give back.
        foreach (var unit in new[] { "\u0301" + new string('A', 999), "ª" + new string('A', 999), "!" + new string('A', 99), new string(' ', 99) + "a", new string(' ', 99) + "\n", " \u0301A", "ªªA!" })
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(unit, 200_000 / unit.Length)));
            var pieces = new PieceReader(text, isO200k: true);
            while (pieces.Next(out _))
            {
            }

            pieces.Steps.ShouldBeLessThan(6L * text.Length, unit);
        }
    }

    [Theory]
    [InlineData(TokenizerKind.Cl100k)]
    [InlineData(TokenizerKind.O200k)]
    public void The_heap_joins_as_the_scan_does(TokenizerKind kind)
    {
        var ranks = Pairs(kind).Ranks;
        var random = new Random(5);
        string[] alphabets = ["ab", "aeinrst", "abcdefghijklmnopqrstuvwxyz", "!=-/", "的一是不", "абвгде", " \n\t", "AaBbCc"];
        for (var round = 0; round < 2_000; round++)
        {
            var alphabet = alphabets[round % alphabets.Length];
            var piece = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(1, 250)).Select(_ => alphabet[random.Next(alphabet.Length)])));
            var (scanned, heaped) = (new TokenTally { Ids = [] }, new TokenTally { Ids = [] });
            PieceMerger.MergeByScan(ranks, piece, ref scanned);
            PieceMerger.MergeByHeap(ranks, piece, ref heaped);
            heaped.Ids.ShouldBe(scanned.Ids);
        }
    }

    [Fact]
    public void A_piece_that_is_cut_for_its_length_still_stands_for_all_its_bytes()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("的", PieceMerger.PieceBytesMax)));
        Pairs(TokenizerKind.O200k).Decode(Pairs(TokenizerKind.O200k).Encode(text)).ShouldBe(text);
    }

    [Theory]
    [InlineData(TokenizerKind.Cl100k, "I'm 12345 ok!!\n\n  end", "I|'m| |123|45| ok|!!\n\n| | end")]
    [InlineData(TokenizerKind.O200k, "I'm 12345 ok!!\n\n  end", "I'm| |123|45| ok|!!\n\n| | end")]
    [InlineData(TokenizerKind.Cl100k, "HTTPServer x\u0301y", "HTTPServer| x|\u0301y")]
    [InlineData(TokenizerKind.O200k, "HTTPServer x\u0301y", "HTTPServer| x\u0301y")]
    [InlineData(TokenizerKind.O200k, "camelCaseWORD", "camel|Case|WORD")]
    [InlineData(TokenizerKind.O200k, "\u0301ABC!", "\u0301|ABC|!")]
    [InlineData(TokenizerKind.O200k, "ªABC'S", "ª|ABC'S")]
    [InlineData(TokenizerKind.O200k, "//\n/\n a", "//\n/\n| a")]
    [InlineData(TokenizerKind.Cl100k, "//\n/\n a", "//\n|/\n| a")]
    [InlineData(TokenizerKind.O200k, "𐐀𐐨𝟙𝟚𝟛𝟜", "𐐀𐐨|𝟙𝟚𝟛|𝟜")]
    [InlineData(TokenizerKind.Cl100k, "a \n \n  b  ", "a| \n \n| | b|  ")]
    public void Text_is_split_by_the_encodings_pattern(TokenizerKind kind, string text, string pieces)
    {
        var found = new List<string>();
        var reader = new PieceReader(Encoding.UTF8.GetBytes(text), kind == TokenizerKind.O200k);
        while (reader.Next(out var piece))
        {
            found.Add(Encoding.UTF8.GetString(piece));
        }

        found.ShouldBe(pieces.Split('|'));
    }

    private static BytePairCounter Pairs(TokenizerKind kind) => (BytePairCounter)TokenCounter.For(kind);
}
