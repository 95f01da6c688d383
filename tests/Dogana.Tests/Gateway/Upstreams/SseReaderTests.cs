using System.Globalization;
using System.Text;
using Dogana.Gateway.Upstreams.Sse;

namespace Dogana.Tests.Gateway.Upstreams;

public sealed class SseReaderTests
{
    private static readonly string[] Lines =
    [
        "data: {\"a\":1}", "data:x", "data:  two spaces", "data", "data:", "event: piece", "event:", "event", ": a comment", ":", "id: 7", "retry: 100", "dota: x", "nonsense", "data: \u00e9\u4e16\u754c",
        "data: " + "long".PadRight(5_000, '.'), "", "", "", "", "\uFEFFdata: not a mark",
    ];

    [Fact]
    public async Task Any_stream_in_any_pieces_and_any_line_ends_gives_the_events_of_a_simple_parser()
    {
        for (var seed = 0; seed < 1_500; seed++)
        {
            var random = new Random(seed);
            var text = new StringBuilder(random.Next(4) == 0 ? "\uFEFF" : "");
            for (var lines = random.Next(1, 30); lines > 0; lines--)
            {
                text.Append(Lines[random.Next(Lines.Length)]).Append(random.Next(3) switch { 0 => "\n", 1 => "\r\n", _ => "\r" });
            }

            var bytes = Encoding.UTF8.GetBytes(text.ToString());
            (await ReadAsync(bytes, () => random.Next(3) == 0 ? 1 : random.Next(1, 700))).ShouldBe(Simply(text.ToString()), $"seed {seed}");
        }
    }

    [Fact]
    public async Task Each_byte_may_come_alone()
    {
        const string text = "\uFEFFevent: a\r\ndata: 1\r\ndata: 2\r\n\r\n\r\ndata: 3\r\rdata: 4\n\ndata: cut off";

        (await ReadAsync(Encoding.UTF8.GetBytes(text), static () => 1)).ShouldBe(["a|1\n2", "|3", "|4"]);
    }

    [Fact]
    public async Task Events_that_are_here_are_given_without_waiting()
    {
        var stream = new PieceStream("data: 1\r\n\r\ndata: 2\r\n\r\ndata: 3"u8.ToArray(), static () => 4_096);
        using var reader = new SseReader(stream, 1 << 20);

        (await reader.FillAsync(default)).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeTrue();
        reader.TryRead(out _).ShouldBeFalse();
        stream.Reads.ShouldBe(1);
    }

    [Theory]
    [InlineData("data: ")]
    [InlineData(": comments without end\n: ")]
    [InlineData("data: many\ndata: ")]
    public async Task An_event_beyond_the_bound_fails(string start)
    {
        var bytes = new byte[200_000];
        Array.Fill(bytes, (byte)'x');
        Encoding.ASCII.GetBytes(start).CopyTo(bytes, 0);

        await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(bytes, static () => 1_000, 64 * 1024));
    }

    [Fact]
    public async Task A_long_stream_of_small_events_needs_no_larger_buffer()
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 50_000).Select(static number => string.Create(CultureInfo.InvariantCulture, $": ping\n\ndata: {number}\n\n"))));

        (await ReadAsync(bytes, static () => 977, 16 * 1024)).Count.ShouldBe(50_000);
    }

    private static async Task<List<string>> ReadAsync(byte[] bytes, Func<int> next, int eventBytesMax = 1 << 20)
    {
        using var reader = new SseReader(new PieceStream(bytes, next), eventBytesMax);
        var events = new List<string>();
        do
        {
            while (reader.TryRead(out var read))
            {
                events.Add($"{Encoding.UTF8.GetString(read.Name)}|{Encoding.UTF8.GetString(read.Data)}");
            }
        }
        while (await reader.FillAsync(default));
        return events;
    }

    // WHATWG HTML, 9.2.6, line by line.
    private static List<string> Simply(string text)
    {
        text = text.StartsWith('\uFEFF') ? text[1..] : text;
        var lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n').Split('\n')[..^1]; // what follows the last line end is cut off
        var (events, name, data) = (new List<string>(), "", new List<string>());
        foreach (var line in lines)
        {
            if (line.Length == 0)
            {
                if (data.Count > 0)
                {
                    events.Add($"{name}|{string.Join('\n', data)}");
                }

                (name, data) = ("", []);
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var (field, value) = colon < 0 ? (line, "") : (line[..colon], line[(colon + 1)..]);
            value = value.StartsWith(' ') ? value[1..] : value;
            if (field == "data")
            {
                data.Add(value);
            }
            else if (field == "event")
            {
                name = value;
            }
        }

        return events;
    }

    /// <summary>Gives bytes in pieces of the wanted lengths.</summary>
    private sealed class PieceStream(byte[] bytes, Func<int> next) : MemoryStream(bytes)
    {
        public int Reads { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            return base.ReadAsync(buffer[..Math.Min(buffer.Length, next())], cancellationToken);
        }
    }
}
