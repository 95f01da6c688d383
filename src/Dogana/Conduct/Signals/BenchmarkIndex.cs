using System.Buffers.Binary;
using System.Text;

namespace Dogana.Conduct.Signals;

/// <summary>
/// Which questions of public benchmarks a text holds: of each question the smallest hashes of its grams of eight words, and no text. A question is met by
/// <see cref="GramsNeeded"/> of them. Built by <c>testing/BenchmarkHashes</c>; read-only, shared by all.
/// </summary>
internal sealed class BenchmarkIndex
{
    /// <summary>How many grams of a question must be there, or all it has.</summary>
    public const int GramsNeeded = 3;

    // The low bits: the smallest hashes are alike in the high ones.
    private const int FilterBits = 22;
    private const ulong FilterMask = (1UL << (FilterBits - 6)) - 1;
    private static readonly Lazy<BenchmarkIndex> ShippedOne = new(static () => new BenchmarkIndex(ShippedFiles.Bytes("benchmarks.bin")));
    private readonly ulong[] _filter = new ulong[1 << (FilterBits - 6)];
    private readonly Dictionary<ulong, int> _items = [];
    private readonly List<(int Set, int Grams)> _known = [];

    /// <summary>Reads the form that <see cref="Write"/> writes.</summary>
    public BenchmarkIndex(ReadOnlySpan<byte> bytes)
    {
        var sets = bytes[0];
        var at = 1;
        var names = new string[sets];
        for (var set = 0; set < sets; set++)
        {
            names[set] = Encoding.ASCII.GetString(bytes.Slice(at + 1, bytes[at]));
            at += 1 + bytes[at];
        }

        Sets = names;
        while (at < bytes.Length)
        {
            var (set, grams) = (bytes[at], bytes[at + 1]);
            at += 2;
            for (var gram = 0; gram < grams; gram++, at += sizeof(ulong))
            {
                var hash = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
                _filter[(hash >> 6) & FilterMask] |= 1UL << (int)(hash & 63);
                _items[hash] = _known.Count;
            }

            _known.Add((set, grams));
        }
    }

    /// <summary>The one that is shipped.</summary>
    public static BenchmarkIndex Shipped => ShippedOne.Value;

    /// <summary>The benchmarks' names.</summary>
    public IReadOnlyList<string> Sets { get; }

    /// <summary>How many questions there are.</summary>
    public int Count => _known.Count;

    /// <summary>Writes questions: the names, then for each question its set, how many grams, and the grams.</summary>
    public static byte[] Write(IReadOnlyList<string> sets, IEnumerable<(int Set, ulong[] Grams)> items)
    {
        var bytes = new List<byte> { (byte)sets.Count };
        foreach (var name in sets)
        {
            bytes.Add((byte)name.Length);
            bytes.AddRange(Encoding.ASCII.GetBytes(name));
        }

        foreach (var (set, grams) in items)
        {
            bytes.Add((byte)set);
            bytes.Add((byte)grams.Length);
            foreach (var gram in grams)
            {
                bytes.AddRange(BitConverter.GetBytes(gram));
            }
        }

        return [.. bytes];
    }

    /// <summary>The question that has a gram, or -1.</summary>
    public int Find(ulong gram) =>
        (_filter[(gram >> 6) & FilterMask] & (1UL << (int)(gram & 63))) != 0 && _items.TryGetValue(gram, out var item) ? item : -1;

    /// <summary>The benchmark of a question.</summary>
    public string SetOf(int item) => Sets[_known[item].Set];

    /// <summary>How many grams of a question must be there.</summary>
    public int Needed(int item) => Math.Min(GramsNeeded, _known[item].Grams);
}
