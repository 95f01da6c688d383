using System.Globalization;
using System.Text;
using Dogana.Bench.Stores;

namespace Dogana.Bench.Standing;

/// <summary>The benchmark's parties among 10,000 organisations, most of them in chains of owners of ten.</summary>
internal static class StandingWorld
{
    public const int Organisations = 10_000;

    private const int ChainLength = 10;

    public static async Task<IReadOnlyList<(string Name, string Text)>> TextsAsync(Uri scripted, CancellationToken cancellation) =>
    [
        await WorldText.OwnAsync("Standing", "standing-world.yaml", cancellation, ("scripted", scripted.ToString())),
        ("others.yaml", Others()),
    ];

    private static string Others()
    {
        var text = new StringBuilder("dogana: 1\norganisations:\n");
        var others = Organisations - 5;
        for (var i = 0; i < others; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"  - {{ id: o-{i}, name: Other {i}, country: DE, time_zone: Europe/Berlin }}");
        }

        text.AppendLine("ownership:");
        for (var i = 0; i < others; i++)
        {
            if (i % ChainLength != 0)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"  - {{ id: s-{i}, subject: o-{i}, interested_party: o-{i - 1}, interest: shareholding, share: 60, source: Benchmark }}");
            }
        }

        return text.ToString();
    }
}
