using System.Globalization;
using Dogana.Storage;

namespace Dogana.Conduct.Signals;

/// <summary>Accounts that send nearly half of their calls to a new model within a day of its release, as those do that copy whatever is newest.</summary>
internal sealed class ReleaseFindings(AccountSketch sketch)
{
    private const int CallsMin = 200;
    private const double ShareMin = 0.4;

    // Who was no customer before had nothing to turn away from.
    private static readonly TimeSpan Before = TimeSpan.FromDays(7);

    public IEnumerable<ConductFinding> Of(ILookup<string, DateTimeOffset> releases)
    {
        foreach (var model in releases)
        {
            if (!sketch.Models.Starts.TryGetValue(SignatureMatcher.Key(model.Key), out var start) || start.Calls < CallsMin || start.Calls < ShareMin * (start.Calls + start.Others))
            {
                continue;
            }

            var first = StoredTime.FromMicros(start.FirstMicros);
            foreach (var release in model.Where(release => release <= first && first - release < TimeSpan.FromDays(1) && sketch.FirstAt <= release - Before).Take(1))
            {
                yield return new ConductFinding(
                    sketch.Account, Detector.Regularity, "regularity.release", SketchFindings.Version, FindingStrength.Weak, first, first.AddDays(1), start.Calls, start.Calls + start.Others, 1,
                    string.Create(CultureInfo.InvariantCulture, $"Within a day of the release of {model.Key} ({release:yyyy-MM-dd HH:mm} UTC) the account turned to it."),
                    "A customer who waited for this model, or an application that always takes the newest one.");
            }
        }
    }
}
