using System.Globalization;

namespace FakeUpstream;

/// <summary>
/// Reads a script out of a model's name, so that a fake upstream that runs as a process can be scripted by who calls it:
/// <c>fake+words=50+between=20</c> is a model that says 50 words with 20 ms between them. Times are in milliseconds.
/// </summary>
public static class ScriptName
{
    /// <summary>What may follow the model's name, each after a plus sign.</summary>
    private static readonly Dictionary<string, Func<FakeScript, string, FakeScript>> Directives = new(StringComparer.Ordinal)
    {
        ["text"] = static (script, value) => script with { Text = value },
        ["words"] = static (script, value) => script with { Text = FakeScript.Words(Number(value)) },
        ["in"] = static (script, value) => script with { InputTokens = Number(value) },
        ["cached"] = static (script, value) => script with { CachedInputTokens = Number(value) },
        ["out"] = static (script, value) => script with { OutputTokens = Number(value) },
        ["reasoning"] = static (script, value) => script with { ReasoningTokens = Number(value) },
        ["finish"] = static (script, value) => script with { FinishReason = value },
        ["limit"] = static (script, value) => script with { IsLimitKept = Enum.Parse<YesNo>(value, ignoreCase: true) == YesNo.Yes },
        ["dimensions"] = static (script, value) => script with { Dimensions = Number(value) },
        ["first"] = static (script, value) => script with { DelayBeforeFirstByte = TimeSpan.FromMilliseconds(Number(value)) },
        ["between"] = static (script, value) => script with { DelayBetweenChunks = TimeSpan.FromMilliseconds(Number(value)) },
        ["stall"] = static (script, value) => script with { PauseAfterChunks = Number(value) },
        ["cut"] = static (script, value) => script with { CutAfterChunks = Number(value) },
        ["usage"] = static (script, value) => script with { Usage = Named<UsagePlace>(value) },
        ["done"] = static (script, value) => script with { IsDoneSent = Enum.Parse<YesNo>(value, ignoreCase: true) == YesNo.Yes },
        ["fault"] = static (script, value) => script with { Fault = Named<Fault>(value) },
        ["huge"] = static (script, value) => script with { Fault = Fault.HugeBody, HugeBytes = Number(value) },
        ["status"] = static (script, value) => script with { Status = Number(value) },
        ["retry"] = static (script, value) => script with { RetryAfter = TimeSpan.FromMilliseconds(Number(value)) },
    };

    private enum YesNo
    {
        No,
        Yes,
    }

    /// <summary>The name without what follows it.</summary>
    public static string BaseOf(string model) => model.Split('+', 2)[0];

    /// <summary>The script in a name; a name without any gives <paramref name="start"/> as it is.</summary>
    /// <exception cref="FormatException">What follows the name is not understood.</exception>
    public static FakeScript Read(string model, FakeScript start)
    {
        ArgumentNullException.ThrowIfNull(model);
        var script = start;
        foreach (var directive in model.Split('+').Skip(1))
        {
            var (name, value) = directive.Split('=', 2) is [var left, var right] ? (left, right) : (directive, "");
            if (!Directives.TryGetValue(name, out var apply))
            {
                throw new FormatException($"'{name}' in the model '{model}' is not one of {string.Join(", ", Directives.Keys)}.");
            }

            try
            {
                script = apply(script, value);
            }
            catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException)
            {
                throw new FormatException($"'{value}' is no value for '{name}' in the model '{model}'.", wrong);
            }
        }

        return script;
    }

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    // never-answers and neveranswers are Fault.NeverAnswers
    private static T Named<T>(string value)
        where T : struct, Enum => Enum.Parse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
