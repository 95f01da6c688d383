using System.Buffers;
using System.Text;
using Dogana.Catalog;
using Dogana.Metering.Tokens;

namespace Dogana.Metering;

/// <summary>Counts the tokens of texts, as one tokenizer would cut them. Text that reads like a special token is text.</summary>
/// <remarks>Counters are shared: any number of threads may count at once. Their tables are read at the first count, once for the process.</remarks>
public abstract class TokenCounter
{
    private static readonly ByteCounter Bytes = new();
    private static readonly BytePairCounter Cl100k = new(TokenizerKind.Cl100k);
    private static readonly BytePairCounter O200k = new(TokenizerKind.O200k);

    private protected TokenCounter()
    {
    }

    /// <summary>The counter of a tokenizer; costs nothing until it counts.</summary>
    public static TokenCounter For(TokenizerKind kind) => kind switch
    {
        TokenizerKind.Bytes => Bytes,
        TokenizerKind.Cl100k => Cl100k,
        TokenizerKind.O200k => O200k,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The tokens of a text in UTF-8: never more than its bytes. Bytes that are no UTF-8 are counted as they are.</summary>
    public abstract long Count(ReadOnlySpan<byte> utf8);

    /// <summary>The tokens of a text; half a surrogate pair counts as U+FFFD, which is what would be sent.</summary>
    public long Count(ReadOnlySpan<char> text)
    {
        const int onStackMax = 512;
        var length = Encoding.UTF8.GetByteCount(text);
        if (length <= onStackMax)
        {
            Span<byte> utf8 = stackalloc byte[onStackMax];
            return Count(utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            return Count(rented.AsSpan(0, Encoding.UTF8.GetBytes(text, rented)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
