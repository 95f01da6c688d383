using Dogana.Catalog;

namespace Dogana.Metering.Tokens;

/// <summary>Byte-pair encoding as OpenAI's models have it: pieces are split off first, then the bytes of each are joined by rank.</summary>
internal sealed class BytePairCounter(TokenizerKind kind) : TokenCounter
{
    private readonly Lazy<TokenRanks> _ranks = new(() => TokenRanks.Read(ResourceOf(kind)));

    public TokenRanks Ranks => _ranks.Value;

    public override long Count(ReadOnlySpan<byte> utf8)
    {
        var tally = new TokenTally();
        Run(utf8, ref tally);
        return tally.Tokens;
    }

    /// <summary>The tokens of a text, in order.</summary>
    public IReadOnlyList<int> Encode(ReadOnlySpan<byte> utf8)
    {
        var ids = new List<int>();
        var tally = new TokenTally { Ids = ids };
        Run(utf8, ref tally);
        return ids;
    }

    /// <summary>The bytes that tokens stand for.</summary>
    public byte[] Decode(IEnumerable<int> tokens)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            bytes.AddRange(Ranks.Bytes(token));
        }

        return [.. bytes];
    }

    /// <summary>Counts a text into a tally.</summary>
    public void Run(ReadOnlySpan<byte> utf8, ref TokenTally tally)
    {
        var ranks = Ranks;
        var pieces = new PieceReader(utf8, kind == TokenizerKind.O200k);
        while (pieces.Next(out var piece))
        {
            PieceMerger.Merge(ranks, piece, ref tally);
        }

        tally.Steps += pieces.Steps;
    }

    private static string ResourceOf(TokenizerKind kind) => kind switch
    {
        TokenizerKind.Cl100k => "cl100k_base.js",
        TokenizerKind.O200k => "o200k_base.js",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };
}
