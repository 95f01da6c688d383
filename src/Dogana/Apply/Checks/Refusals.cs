using Dogana.Apply.Reading;
using Dogana.Rating;

namespace Dogana.Apply.Checks;

/// <summary>Turns what a module refuses into a fault at the object's place.</summary>
internal static class Refusals
{
    /// <summary>Adds a module's changes, or says that it refused.</summary>
    public static async Task<bool> TryAsync(List<Change> changes, Func<Task<IReadOnlyList<Change>>> declare)
    {
        try
        {
            changes.AddRange(await declare());
            return true;
        }
        catch (ProblemException)
        {
            return false;
        }
    }

    /// <summary>
    /// Adds a module's changes, or its refusal as a fault. The refusal names its object in words; the first of <paramref name="places"/> whose name
    /// stands in them is the place.
    /// </summary>
    public static async Task TryAsync(
        List<Change> changes, Func<Task<IReadOnlyList<Change>>> declare, FaultCollector faults, string section, IEnumerable<(string Name, Place Place)> places)
    {
        try
        {
            changes.AddRange(await declare());
        }
        catch (ProblemException refused)
        {
            // The modules write what is wrong and then, after the last full stop but one, what to do.
            var message = refused.Problem.Message;
            var end = message.TrimEnd('.').LastIndexOf(". ", StringComparison.Ordinal);
            var named = places.Where(place => IsNamed(place.Name, message)).Select(static place => (Place?)place.Place).FirstOrDefault();
            faults.Add(
                named ?? Place.Start.Key(section), end < 0 ? message : message[..(end + 1)],
                end < 0 ? "Change what this object declares." : message[(end + 2)..]);
        }
    }

    /// <summary>A version as Rating's messages and changes name it.</summary>
    public static string NameOf(PriceBookVersion version) => $"{version.Book}@{InstantText.Format(version.EffectiveFrom)}";

    // In quotes or between spaces: 'acme' must not be found in 'acme-retail'.
    private static bool IsNamed(string name, string message) =>
        message.Contains($"'{name}'", StringComparison.Ordinal) || message.Contains($" {name} ", StringComparison.Ordinal) || message.Contains($" {name},", StringComparison.Ordinal)
        || message.Contains($" {name}:", StringComparison.Ordinal);
}
