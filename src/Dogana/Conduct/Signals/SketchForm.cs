using System.Text;

namespace Dogana.Conduct.Signals;

/// <summary>
/// How a sketch is written: a version, then its parts, zeros run together. Whatever is read is checked against the bounds that a sketch keeps itself, so that bytes from elsewhere cannot
/// make one that is larger.
/// </summary>
internal static class SketchForm
{
    public const byte Version = 2;

    private const byte BeforeModels = 1;

    public static byte[] Write(AccountSketch sketch)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Version);
        writer.Write(sketch.FirstAt?.UtcTicks ?? 0);
        writer.Write(sketch.LastAt?.UtcTicks ?? 0);
        foreach (var ring in Rings(sketch))
        {
            writer.Write((byte)ring.Panes.Count);
            foreach (var pane in ring.Panes)
            {
                WritePane(writer, pane);
            }
        }

        writer.Write7BitEncodedInt(sketch.Units.Calls);
        Sparse(writer, sketch.Units.Cells.Length, at => sketch.Units.Cells[at]);
        foreach (var (unit, count) in sketch.Units.Top)
        {
            writer.Write(unit);
            writer.Write7BitEncodedInt(count);
        }

        Sparse(writer, AccountSketch.HoursOfWeek, at => sketch.Hours[at]);
        foreach (var (value, count) in sketch.Networks.Places.Concat(sketch.Clients.Places))
        {
            writer.Write(value);
            writer.Write7BitEncodedInt64(count);
        }

        WriteEvidence(writer, sketch.Evidence);
        writer.Write((byte)sketch.Models.Starts.Count);
        foreach (var (model, start) in sketch.Models.Starts)
        {
            writer.Write(model);
            writer.Write(start.FirstMicros);
            writer.Write7BitEncodedInt64(start.Calls);
            writer.Write7BitEncodedInt64(start.Others);
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static AccountSketch? Read(ConductAccount account, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length is 0 or > AccountSketch.BytesMax || bytes.Span[0] is not (Version or BeforeModels))
        {
            return null;
        }

        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
            reader.ReadByte();
            var sketch = new AccountSketch(account) { FirstAt = Instant(reader.ReadInt64()), LastAt = Instant(reader.ReadInt64()) };
            foreach (var ring in Rings(sketch))
            {
                for (var count = Bounded(reader.ReadByte(), PaneRing.Kept); count > 0; count--)
                {
                    var pane = ring.Of(reader.Read7BitEncodedInt64()) ?? throw new InvalidDataException();
                    ReadPane(reader, pane);
                }
            }

            sketch.Units.Calls = Bounded(reader.Read7BitEncodedInt(), UnitCounts.Age);
            Sparse(reader, sketch.Units.Cells.Length, (at, value) => sketch.Units.Cells[at] = (ushort)value);
            foreach (ref var place in sketch.Units.Top.AsSpan())
            {
                place = (reader.ReadUInt64(), Bounded(reader.Read7BitEncodedInt(), ushort.MaxValue));
            }

            Sparse(reader, AccountSketch.HoursOfWeek, (at, value) => sketch.Hours[at] = (uint)value);
            foreach (var places in new[] { sketch.Networks.Places, sketch.Clients.Places })
            {
                foreach (ref var place in places.AsSpan())
                {
                    place = (reader.ReadUInt64(), reader.Read7BitEncodedInt64());
                }
            }

            ReadEvidence(reader, sketch.Evidence);
            for (var count = bytes.Span[0] == BeforeModels ? 0 : Bounded(reader.ReadByte(), ModelStarts.Kept); count > 0; count--)
            {
                sketch.Models.Starts[reader.ReadUInt64()] = (reader.ReadInt64(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64());
            }

            return reader.BaseStream.Position == bytes.Length ? sketch : null;
        }
        catch (Exception fault) when (fault is IOException or OverflowException or FormatException or InvalidDataException or ArgumentException)
        {
            return null; // no sketch of this version: the caller begins a new one
        }
    }

    private static PaneRing[] Rings(AccountSketch sketch) => [sketch.Minutes, sketch.Day, sketch.Month];

    private static DateTimeOffset? Instant(long ticks) => ticks == 0 ? null : new DateTimeOffset(ticks, TimeSpan.Zero);

    private static int Bounded(int count, int most) => count >= 0 && count <= most ? count : throw new InvalidDataException();

    private static void WritePane(BinaryWriter writer, Pane pane)
    {
        writer.Write7BitEncodedInt64(pane.Index);
        foreach (var count in (long[])[pane.Calls, pane.OverQuota, pane.ShortAnswers, pane.Words, pane.SquaredWords, .. pane.TraitCounts])
        {
            writer.Write7BitEncodedInt64(count);
        }

        if (pane.IsDetailed)
        {
            writer.Write(pane.Items!.Registers);
            Sparse(writer, Pane.Buckets, at => pane.About![at]);
        }

        writer.Write((byte)pane.Tallies.Count);
        foreach (var (key, tally) in pane.Tallies)
        {
            writer.Write(key);
            writer.Write7BitEncodedInt64(tally.Requests);
            writer.Write(tally.FirstMicros);
            writer.Write(tally.LastMicros);
            writer.Write((byte)tally.Items.Smallest.Length);
            foreach (var hash in tally.Items.Smallest)
            {
                writer.Write(hash);
            }
        }
    }

    private static void ReadPane(BinaryReader reader, Pane pane)
    {
        pane.Calls = reader.Read7BitEncodedInt64();
        pane.OverQuota = reader.Read7BitEncodedInt64();
        pane.ShortAnswers = reader.Read7BitEncodedInt64();
        pane.Words = reader.Read7BitEncodedInt64();
        pane.SquaredWords = reader.Read7BitEncodedInt64();
        for (var at = 0; at < Traits.Count; at++)
        {
            pane.TraitCounts[at] = reader.Read7BitEncodedInt64();
        }

        if (pane.IsDetailed)
        {
            reader.BaseStream.ReadExactly(pane.Items!.Registers);
            Sparse(reader, Pane.Buckets, (at, value) => pane.About![at] = (int)value);
        }

        for (var count = Bounded(reader.ReadByte(), Pane.TalliesMax); count > 0; count--)
        {
            var tally = pane.Tallies[reader.ReadUInt64()] = new SignatureTally();
            tally.Requests = reader.Read7BitEncodedInt64();
            tally.FirstMicros = reader.ReadInt64();
            tally.LastMicros = reader.ReadInt64();
            for (var items = Bounded(reader.ReadByte(), DistinctItems.Kept); items > 0; items--)
            {
                tally.Items.Add(reader.ReadUInt64());
            }
        }
    }

    private static void WriteEvidence(BinaryWriter writer, EvidenceCalls evidence)
    {
        writer.Write((byte)evidence.Calls.Count);
        foreach (var (key, calls) in evidence.Calls)
        {
            writer.Write(key);
            writer.Write((byte)calls.Count);
            foreach (var (micros, id) in calls)
            {
                writer.Write(micros);
                writer.Write(id);
            }
        }
    }

    private static void ReadEvidence(BinaryReader reader, EvidenceCalls evidence)
    {
        for (var count = Bounded(reader.ReadByte(), EvidenceCalls.SignaturesMax); count > 0; count--)
        {
            var key = reader.ReadUInt64();
            for (var calls = Bounded(reader.ReadByte(), EvidenceCalls.CallsMax); calls > 0; calls--)
            {
                var micros = reader.ReadInt64();
                evidence.Add(key, reader.ReadString(), micros);
            }
        }
    }

    // Most places are zero: how many of them, then the next that is not.
    private static void Sparse(BinaryWriter writer, int length, Func<int, long> value)
    {
        var zeros = 0;
        for (var at = 0; at < length; at++)
        {
            if (value(at) == 0)
            {
                zeros++;
                continue;
            }

            writer.Write7BitEncodedInt(zeros);
            writer.Write7BitEncodedInt64(value(at));
            zeros = 0;
        }

        writer.Write7BitEncodedInt(zeros);
    }

    private static void Sparse(BinaryReader reader, int length, Action<int, long> set)
    {
        for (var at = Bounded(reader.Read7BitEncodedInt(), length); at < length; at += 1 + Bounded(reader.Read7BitEncodedInt(), length))
        {
            set(at, reader.Read7BitEncodedInt64());
        }
    }
}
