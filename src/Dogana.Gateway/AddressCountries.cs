using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Dogana.Gateway;

/// <summary>
/// Which country an address belongs to, by the operator's file: lines <c>CIDR,COUNTRY</c>, as <c>203.0.113.0/24,FR</c>; the longest prefix counts. Immutable;
/// a lookup allocates nothing.
/// </summary>
public sealed class AddressCountries
{
    /// <summary>The most lines that a file may have.</summary>
    public const int LinesMax = 2_000_000;

    private static readonly UInt128 Ipv4 = (UInt128)0xFFFF << 32;

    // Disjoint ranges in order: nested ones were cut out of those around them.
    private readonly UInt128[] _starts;
    private readonly string?[] _countries;

    private AddressCountries(UInt128[] starts, string?[] countries) => (_starts, _countries) = (starts, countries);

    /// <summary>Knows no address.</summary>
    public static AddressCountries None { get; } = new([], []);

    /// <summary>Reads a file's lines. Empty lines and such that begin with <c>#</c> are passed over.</summary>
    /// <returns>The table, or <see cref="ProblemCode.InvalidRequest"/> that names the line.</returns>
    public static Outcome<AddressCountries> Read(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var ranges = new List<(UInt128 Start, UInt128 End, string? Country)> { (Ipv4, Ipv4 | uint.MaxValue, null) }; // a block of IPv6 around them says nothing of IPv4's
        var number = 0;
        foreach (var line in lines)
        {
            if (++number > LinesMax)
            {
                return Wrong(number, string.Create(CultureInfo.InvariantCulture, $"there are more than {LinesMax} lines"));
            }

            var text = line.AsSpan().Trim();
            if (text.IsEmpty || text[0] == '#')
            {
                continue;
            }

            var comma = text.IndexOf(',');
            var country = comma < 0 ? default : text[(comma + 1)..].Trim();
            if (country.Length != 2 || !char.IsAsciiLetterUpper(country[0]) || !char.IsAsciiLetterUpper(country[1]))
            {
                return Wrong(number, "the country is not two capital letters of ISO 3166-1; write a line such as 203.0.113.0/24,FR");
            }

            var block = text[..comma].Trim();
            if (!IPNetwork.TryParse(block, out var network) || !IPAddress.TryParse(block[..block.IndexOf('/')], out var written) || !written.Equals(network.BaseAddress))
            {
                return Wrong(number, "the range is no CIDR block, or has bits beyond its prefix; write a line such as 203.0.113.0/24,FR");
            }

            var bits = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? network.PrefixLength + 96 : network.PrefixLength;
            var start = Number(network.BaseAddress);
            ranges.Add((start, bits == 0 ? UInt128.MaxValue : start | (UInt128.MaxValue >> bits), country.ToString()));
        }

        return Flatten(ranges) is { } table ? table : new Problem(ProblemCode.InvalidRequest, "The countries' file gives one range two countries. Keep one of the lines.", "country_file");
    }

    /// <summary>The country, or null where the file says none.</summary>
    public string? Find(IPAddress? address)
    {
        if (_starts.Length == 0 || address is null)
        {
            return null;
        }

        var found = Array.BinarySearch(_starts, Number(address));
        var place = found >= 0 ? found : ~found - 1;
        return place < 0 ? null : _countries[place];
    }

    // Blocks of one prefix length are disjoint, and a longer one lies whole within a shorter one: like brackets they open and close.
    private static AddressCountries? Flatten(List<(UInt128 Start, UInt128 End, string? Country)> ranges)
    {
        ranges.Sort(static (left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start)
            : left.End != right.End ? right.End.CompareTo(left.End)
            : string.CompareOrdinal(left.Country, right.Country)); // null first: what a line says goes before what none says
        var starts = new List<UInt128>();
        var countries = new List<string?>();
        for (var i = 1; i < ranges.Count; i++)
        {
            if ((ranges[i].Start, ranges[i].End) == (ranges[i - 1].Start, ranges[i - 1].End) && ranges[i - 1].Country is not null && ranges[i].Country != ranges[i - 1].Country)
            {
                return null;
            }
        }

        var open = new Stack<(UInt128 End, string? Country)>();
        foreach (var (start, end, country) in ranges)
        {
            CloseBefore(start, isLast: false);
            Begin(start, country);
            open.Push((end, country));
        }

        CloseBefore(UInt128.MaxValue, isLast: true);
        return new AddressCountries([.. starts], [.. countries]);

        void CloseBefore(UInt128 next, bool isLast)
        {
            while (open.TryPeek(out var inner) && (isLast || inner.End < next))
            {
                open.Pop();
                if (inner.End != UInt128.MaxValue)
                {
                    Begin(inner.End + 1, open.TryPeek(out var outer) ? outer.Country : null);
                }
            }
        }

        void Begin(UInt128 start, string? country)
        {
            if (starts.Count > 0 && starts[^1] == start)
            {
                countries[^1] = country;
                return;
            }

            starts.Add(start);
            countries.Add(country);
        }
    }

    // IPv4 as its mapped IPv6 address (RFC 4291 §2.5.5.2), which is also how a dual socket shows it.
    private static UInt128 Number(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            bytes[10] = bytes[11] = 0xFF;
            address.TryWriteBytes(bytes[12..], out _);
        }
        else
        {
            address.TryWriteBytes(bytes, out _);
        }

        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static Problem Wrong(int line, string what) =>
        new(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"Line {line} of the countries' file: {what}."), "country_file");
}
