using System.Globalization;
using System.Text;
using System.Text.Json;
using Dogana.Metering;

namespace Dogana.Bench.MoneyFlow;

/// <summary>Batches of CloudEvents, numbered.</summary>
internal static class EventText
{
    public const int BatchSize = EventIntake.EventsMax;

    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The JSON of a batch.</summary>
    public static byte[] Batch(string source, long number)
    {
        var text = new StringBuilder("[");
        for (var index = 0; index < BatchSize; index++)
        {
            var id = number * BatchSize + index;
            text.Append(index == 0 ? "" : ",").Append(CultureInfo.InvariantCulture, $$$"""
                {"specversion":"1.0","id":"{{{id:x16}}}","source":"{{{source}}}","type":"bench.pictures","subject":"acme-direct","time":"{{{Begin.AddSeconds(id % 2_000_000):yyyy-MM-ddTHH:mm:ssZ}}}","data":{"value":{{{1 + id % 9}}}}}
                """);
        }

        return Encoding.UTF8.GetBytes(text.Append(']').ToString());
    }

    /// <summary>The same, read.</summary>
    public static IReadOnlyList<(UsageKey? Key, Outcome<UsageEvent> Event)> Read(string source, long number)
    {
        using var body = JsonDocument.Parse(Batch(source, number));
        return EventIntake.Read(body.RootElement).Value;
    }
}
