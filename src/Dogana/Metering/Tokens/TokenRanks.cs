using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;

namespace Dogana.Metering.Tokens;

/// <summary>The tokens of an encoding by their bytes. A token's id is its rank: of two pairs that could be joined, the lower rank goes first.</summary>
/// <remarks>
/// Open addressing over one array of the tokens' bytes: a look-up allocates nothing, and the table never changes, so no text can make it slow.
/// </remarks>
internal sealed class TokenRanks
{
    /// <summary>What <see cref="Find"/> gives for bytes that are no token: behind every rank.</summary>
    public const int None = int.MaxValue;

    private const ulong Prime = 0x9E3779B97F4A7C15;

    private readonly byte[] _bytes;
    private readonly int[] _ends;
    private readonly ulong[] _slots; // the upper half of the hash, then rank + 1; 0 is free
    private readonly int _longest;

    private TokenRanks(byte[] bytes, int[] ends)
    {
        _bytes = bytes;
        _ends = ends;
        _slots = new ulong[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)ends.Length * 2)];
        for (var rank = 0; rank < ends.Length; rank++)
        {
            var token = Bytes(rank);
            _longest = Math.Max(_longest, token.Length);
            var hash = Hash(token);
            var slot = SlotOf(hash);
            while (_slots[slot] != 0)
            {
                slot = (slot + 1) & (_slots.Length - 1);
            }

            _slots[slot] = (hash & ~(ulong)uint.MaxValue) | (uint)(rank + 1);
        }
    }

    /// <summary>How many tokens there are.</summary>
    public int Count => _ends.Length;

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> Bytes(int rank) => _bytes.AsSpan((rank == 0 ? 0 : _ends[rank - 1]).._ends[rank]);

    /// <summary>The rank of the token with these bytes, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> token)
    {
        if (token.Length > _longest)
        {
            return None;
        }

        var hash = Hash(token);
        for (var slot = SlotOf(hash); _slots[slot] is var entry && entry != 0; slot = (slot + 1) & (_slots.Length - 1))
        {
            if ((entry ^ hash) >> 32 == 0 && (int)(entry & uint.MaxValue) - 1 is var rank && Bytes(rank).SequenceEqual(token))
            {
                return rank;
            }
        }

        return None;
    }

    /// <summary>Reads the ranks from an embedded file of js-tiktoken, as it is published.</summary>
    public static TokenRanks Read(string resource)
    {
        using var stream = typeof(TokenRanks).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not in the assembly.");
        var length = (int)stream.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            stream.ReadExactly(rented, 0, length);
            return Parse(rented.AsSpan(0, length), resource);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Reads <c>"bpe_ranks":"! 0 TOKEN TOKEN …"</c>: lines of a first rank and tokens in base 64, one for each rank from it on.</summary>
    /// <exception cref="InvalidDataException">The file has another form.</exception>
    public static TokenRanks Parse(ReadOnlySpan<byte> file, string name)
    {
        var lines = file[(After(file, "\"bpe_ranks\":\""u8, name))..];
        lines = lines[..lines.IndexOf((byte)'"')];
        var bytes = new ArrayBufferWriter<byte>(lines.Length * 3 / 4);
        var ends = new List<int>(lines.Length / 10);
        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf("\\n"u8);
            var line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 2)..];
            AddLine(line, bytes, ends, name);
        }

        var ranks = new TokenRanks(bytes.WrittenSpan.ToArray(), [.. ends]);
        for (var value = 0; value < 256; value++)
        {
            if (ranks.Find([(byte)value]) == None)
            {
                throw new InvalidDataException($"{name}: the byte {value} is no token.");
            }
        }

        return ranks;
    }

    private static void AddLine(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> bytes, List<int> ends, string name)
    {
        var rest = line[After(line, "! "u8, name)..];
        if (!Utf8Parser.TryParse(rest, out int first, out var digits) || first != ends.Count)
        {
            throw new InvalidDataException($"{name}: expected rank {ends.Count} at the start of a line.");
        }

        rest = rest[digits..];
        while (rest.Length > 1)
        {
            rest = rest[1..]; // the space before each token
            var gap = rest.IndexOf((byte)' ');
            var token = gap < 0 ? rest : rest[..gap];
            rest = rest[token.Length..];
            if (Base64.DecodeFromUtf8(token, bytes.GetSpan(token.Length), out _, out var written) != OperationStatus.Done || written == 0)
            {
                throw new InvalidDataException($"{name}: the token of rank {ends.Count} is not base 64.");
            }

            bytes.Advance(written);
            ends.Add(bytes.WrittenCount);
        }
    }

    private static int After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> mark, string name) =>
        text.IndexOf(mark) is >= 0 and var place ? place + mark.Length : throw new InvalidDataException($"{name}: there is no {System.Text.Encoding.ASCII.GetString(mark)}");

    private static ulong Hash(ReadOnlySpan<byte> token)
    {
        var hash = (ulong)token.Length;
        while (token.Length > 8)
        {
            hash = Mixed(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(token));
            token = token[8..];
        }

        // The last one to eight bytes, some of them twice where that saves a loop; the length tells these cases apart.
        var tail = token.Length switch
        {
            8 => BinaryPrimitives.ReadUInt64LittleEndian(token),
            >= 4 => BinaryPrimitives.ReadUInt32LittleEndian(token) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(token[^4..]) << 32),
            _ => token[0] | ((ulong)token[token.Length / 2] << 8) | ((ulong)token[^1] << 16),
        };
        return Mixed(Mixed(hash) ^ tail);
    }

    private static ulong Mixed(ulong value) => Math.BigMul(value ^ Prime, Prime, out var low) ^ low;

    private int SlotOf(ulong hash) => (int)(hash & (ulong)(_slots.Length - 1));
}
