using System.Text;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Metering.Tokens;
using Dogana.Tests;

namespace Dogana.ServerTests;

/// <summary>The tokens are those of the tokenizer whose ranks they are cut by, which runs beside in Node.</summary>
public sealed class TokenReferenceTests
{
    private const int Count = 12_000;

    [Fact]
    public async Task Pieces_and_tokens_equal_those_of_js_tiktoken()
    {
        var texts = TokenTexts.Write(Count, seed: 8);
        var file = Path.Combine(Directory.CreateTempSubdirectory("dogana-tokens-").FullName, "texts.json");
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(texts));
            using var expected = await NodeScript.RunAsync("token-ids.mjs", new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["DOGANA_TOKENIZER"] = Path.Combine(Repository.Root, "artifacts", "obj", "Dogana", "token-ranks", "node_modules", "js-tiktoken"),
                ["DOGANA_TEXTS"] = file,
            });

            Compare(texts, expected.RootElement.GetProperty("cl100k_base"), TokenizerKind.Cl100k);
            Compare(texts, expected.RootElement.GetProperty("o200k_base"), TokenizerKind.O200k);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    private static void Compare(IReadOnlyList<string> texts, JsonElement expected, TokenizerKind kind)
    {
        var counter = (BytePairCounter)TokenCounter.For(kind);
        Compare($"{kind}: pieces", texts, expected.GetProperty("pieces"), text => PieceLengths(text, kind));
        Compare($"{kind}: tokens", texts, expected.GetProperty("ids"), text => counter.Encode(text));
    }

    private static void Compare(string what, IReadOnlyList<string> texts, JsonElement expected, Func<byte[], IReadOnlyList<int>> cut)
    {
        expected.GetArrayLength().ShouldBe(texts.Count);
        var wrong = texts.Zip(expected.EnumerateArray())
            .Where(pair => !cut(Encoding.UTF8.GetBytes(pair.First)).SequenceEqual(pair.Second.EnumerateArray().Select(static number => number.GetInt32())))
            .Select(static pair => JsonSerializer.Serialize(pair.First))
            .ToArray();

        Assert.True(wrong.Length == 0, $"{what}: {wrong.Length} of {texts.Count} texts differ:\n{string.Join('\n', wrong.Take(10))}");
    }

    private static List<int> PieceLengths(byte[] text, TokenizerKind kind)
    {
        var lengths = new List<int>();
        var pieces = new PieceReader(text, kind == TokenizerKind.O200k);
        while (pieces.Next(out var piece))
        {
            lengths.Add(piece.Length);
        }

        return lengths;
    }
}
