using System.Globalization;

namespace FakeUpstream;

/// <summary>
/// Reads a script out of a model's name, so that a fake upstream that runs as a process can be scripted by who calls it:
/// <c>fake+words=50+between=20</c> is a model that says 50 words with 20 ms between them. Times are in milliseconds. A value may be escaped
/// as in a URI: <c>%2B</c> is a plus sign. An API key that begins with <c>fake</c> and has a plus sign scripts in the same way.
/// </summary>
public static class ScriptName
{
    private const string Then = "then";

    /// <summary>What may follow the model's name, each after a plus sign.</summary>
    private static readonly Dictionary<string, Func<FakeScript, string, FakeScript>> Directives = new(StringComparer.Ordinal)
    {
        // what is said
        ["text"] = static (script, value) => script with { Text = value },
        ["texts"] = static (script, value) => script with { Texts = value.Split('|') },
        ["words"] = static (script, value) => script with { Text = FakeScript.Words(Number(value)) },
        ["think"] = static (script, value) => script with { ReasoningText = value },
        ["refusal"] = static (script, value) => script with { Refusal = value },
        ["tool"] = static (script, value) => script with { ToolCalls = [.. script.ToolCalls, Call(value)] },
        ["in"] = static (script, value) => script with { InputTokens = Number(value) },
        ["cached"] = static (script, value) => script with { CachedInputTokens = Number(value) },
        ["written"] = static (script, value) => script with { WrittenInputTokens = Number(value) },
        ["out"] = static (script, value) => script with { OutputTokens = Number(value) },
        ["reasoning"] = static (script, value) => script with { ReasoningTokens = Number(value) },
        ["finish"] = static (script, value) => script with { FinishReason = value },
        ["limit"] = static (script, value) => script with { IsLimitKept = IsYes(value) },
        ["filter"] = static (script, value) => script with { IsFilterShown = IsYes(value) },
        ["obfuscation"] = static (script, value) => script with { IsObfuscated = IsYes(value) },
        ["unknown"] = static (script, value) => script with { HasUnknownFields = IsYes(value) },
        ["dimensions"] = static (script, value) => script with { Dimensions = Number(value) },
        ["usage"] = static (script, value) => script with { Usage = Named<UsagePlace>(value) },
        ["usage-form"] = static (script, value) => script with { UsageForm = Named<UsageForm>(value) },

        // images and sound
        ["images"] = static (script, value) => script with { Images = Number(value) },
        ["size"] = static (script, value) => script with { ImageSize = value },
        ["quality"] = static (script, value) => script with { ImageQuality = value },
        ["partial"] = static (script, value) => script with { PartialImages = Number(value) },
        ["seconds"] = static (script, value) => script with { Seconds = double.Parse(value, CultureInfo.InvariantCulture) },
        ["sound"] = static (script, value) => script with { SoundTokens = Number(value) },
        ["bytes"] = static (script, value) => script with { SoundBytes = Number(value) },

        // how it goes out
        ["first"] = static (script, value) => script with { DelayBeforeFirstByte = TimeSpan.FromMilliseconds(Number(value)) },
        ["between"] = static (script, value) => script with { DelayBetweenChunks = TimeSpan.FromMilliseconds(Number(value)) },
        ["stall"] = static (script, value) => script with { PauseAfterChunks = Number(value) },
        ["cut"] = static (script, value) => script with { CutAfterChunks = Number(value) },
        ["reset"] = static (script, value) => script with { CutAfterChunks = Number(value), IsCutReset = true },
        ["per-write"] = static (script, value) => script with { ChunksPerWrite = Number(value) },
        ["framing"] = static (script, value) => script with { Framing = Named<Framing>(value) },
        ["done"] = static (script, value) => script with { IsDoneSent = IsYes(value) },
        ["fault"] = static (script, value) => script with { Fault = Named<Fault>(value) },
        ["huge"] = static (script, value) => script with { Fault = Fault.HugeBody, HugeBytes = Number(value) },

        // how it fails
        ["status"] = static (script, value) => script with { Status = Number(value) },
        ["code"] = static (script, value) => script with { ErrorCode = value },
        ["errors"] = static (script, value) => script with { Errors = Named<ErrorDialect>(value) },
        ["retry"] = static (script, value) => script with { RetryAfter = TimeSpan.FromMilliseconds(Number(value)) },
        ["retry-form"] = static (script, value) => script with { RetryForms = Named<RetryForms>(value) },
        ["location"] = static (script, value) => script with { Location = new Uri(value, UriKind.RelativeOrAbsolute) },
        ["body"] = static (script, value) => script with { Body = value },
        ["body-type"] = static (script, value) => script with { BodyType = value },
        ["header"] = static (script, value) => script with { Headers = With(script.Headers, value) },
    };

    private enum YesNo
    {
        No,
        Yes,
    }

    /// <summary>The name without what follows it.</summary>
    public static string BaseOf(string model) => model.Split('+', 2)[0];

    /// <summary>The first script in a name; a name without any gives <paramref name="start"/> as it is.</summary>
    /// <exception cref="FormatException">What follows the name is not understood.</exception>
    public static FakeScript Read(string model, FakeScript start) => ReadAll(model, start)[0];

    /// <summary>The scripts in a name for the requests one after the other: <c>then</c> stands between two, and each begins from <paramref name="start"/>.</summary>
    /// <exception cref="FormatException">What follows the name is not understood.</exception>
    public static IReadOnlyList<FakeScript> ReadAll(string model, FakeScript start)
    {
        ArgumentNullException.ThrowIfNull(model);
        var scripts = new List<FakeScript>();
        var script = start;
        foreach (var directive in model.Split('+').Skip(1))
        {
            if (directive == Then)
            {
                scripts.Add(script);
                script = start;
                continue;
            }

            script = Apply(script, directive, model);
        }

        return [.. scripts, script];
    }

    private static FakeScript Apply(FakeScript script, string directive, string model)
    {
        var (name, value) = directive.Split('=', 2) is [var left, var right] ? (left, right) : (directive, "");
        if (!Directives.TryGetValue(name, out var apply))
        {
            throw new FormatException($"'{name}' in the model '{model}' is not one of {string.Join(", ", Directives.Keys)}, {Then}.");
        }

        try
        {
            return apply(script, Uri.UnescapeDataString(value));
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or OverflowException)
        {
            throw new FormatException($"'{value}' is no value for '{name}' in the model '{model}'.", wrong);
        }
    }

    // name, or name:arguments
    private static FakeToolCall Call(string value) => value.Split(':', 2) is [var name, var arguments] ? new(name, arguments) : new(value);

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string> headers, string value) =>
        value.Split(':', 2) is [var name, var content]
            ? new Dictionary<string, string>(headers, StringComparer.OrdinalIgnoreCase) { [name] = content }
            : throw new FormatException("A header has a colon.");

    private static bool IsYes(string value) => value.Length == 0 || Enum.Parse<YesNo>(value, ignoreCase: true) == YesNo.Yes;

    private static int Number(string value) => int.Parse(value, NumberStyles.None, CultureInfo.InvariantCulture);

    // never-answers and neveranswers are Fault.NeverAnswers
    private static T Named<T>(string value)
        where T : struct, Enum => Enum.Parse<T>(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
