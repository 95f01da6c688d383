using System.Text.Json;
using Dogana.Conduct;

namespace Dogana.Tests.Conduct.Signals;


/// <summary>Accounts whose calls are written in a line, with texts of these tests' own.</summary>
internal sealed class SignalsScene
{
    public static DateTimeOffset Now { get; } = new(2026, 3, 4, 15, 0, 0, TimeSpan.Zero);

    // Words that mean nothing, so that no test leans on what a text is about.
    private static readonly string[] Nouns = ["lamp", "river", "engine", "garden", "ticket", "bottle", "ladder", "market", "bridge", "carpet", "window", "basket", "harbour", "meadow", "saddle", "copper"];

    public CallReader Reader { get; init; } = new(SignatureCatalogue.Shipped);

    /// <summary>Words by a number: different ones for different numbers.</summary>
    public static string Text(int number, int words = 14) =>
        string.Join(' ', Enumerable.Range(0, words).Select(at => $"{Nouns[(number + (at * 7)) % Nouns.Length]}{(number * 31) + at}"));

    public static ObservedCall Call(AccountSketch sketch, string prompt, DateTimeOffset at, string id = "call") =>
        new(id, sketch.Account, "project", "model", at, JsonSerializer.SerializeToUtf8Bytes(new { model = "model", messages = new[] { new { role = "user", content = prompt } } }));

    public AccountSketch Observe(int calls, Func<int, string> prompt, string organisation = "acme", Func<ObservedCall, int, ObservedCall>? change = null)
    {
        var sketch = new AccountSketch(new ConductAccount(organisation, "owner"));
        for (var at = 0; at < calls; at++)
        {
            var call = Call(sketch, prompt(at), Now.AddMinutes(at - calls), $"call-{at}");
            sketch.Observe(change is null ? call : change(call, at), Reader);
        }

        return sketch;
    }

    public static IReadOnlyList<ConductFinding> Findings(AccountSketch sketch, ConductCalibration? calibration = null, params string[] uses) =>
        sketch.Findings(SignatureCatalogue.Shipped, calibration, Now, uses);

    public static string[] Strong(AccountSketch sketch) =>
        [.. Findings(sketch).Where(static finding => finding.Strength == FindingStrength.Strong).Select(static finding => finding.Signature)];
}
