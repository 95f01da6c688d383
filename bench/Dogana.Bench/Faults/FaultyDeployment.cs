namespace Dogana.Bench.Faults;

/// <summary>A deployment and what goes wrong behind it.</summary>
/// <param name="Name">Its name, and the model's at the upstream.</param>
/// <param name="Script">What goes wrong, as the scripted upstream reads it from a model's name; empty: nothing.</param>
/// <param name="Upstream">Where it leads first.</param>
internal sealed record FaultyDeployment(string Name, string Script, string Upstream = "reading-on")
{
    /// <summary>Every way to fail that the scripted upstream knows, and a few ways to be right that are easily got wrong.</summary>
    public static IReadOnlyList<FaultyDeployment> All { get; } =
    [
        // right, but slow, small, large or oddly put
        new("well", ""),
        new("well-cancelling", "", "cancelling"),
        new("slow-first", "first=300"),
        new("slow-chunks", "words=20+between=30"),
        new("slow-chunks-cancelling", "words=20+between=30", "cancelling"),
        new("large", "words=3000+per-write=50"),
        new("tiny-writes", "words=8+framing=bytes"),
        new("crlf", "words=8+framing=crlf"),
        new("thinking", "think=a%20few%20thoughts"),
        new("usage-running", "usage=running"),
        new("usage-last", "usage=with-last-choice"),
        new("usage-never", "usage=never"),
        new("usage-negative", "usage-form=negative"),
        new("usage-contradictory", "usage-form=contradictory"),
        new("usage-twice", "usage-form=twice"),
        new("usage-text", "usage-form=text"),

        // refused
        new("status-400", "status=400"),
        new("status-401", "status=401"),
        new("status-429", "status=429+retry=20"),
        new("out-of-quota", "status=429+code=insufficient_quota"),
        new("status-500", "status=500"),
        new("status-503", "status=503"),

        // broken off
        new("closed-early", "fault=closed-early"),
        new("reset-early", "fault=reset-early"),
        new("reset-in-headers", "fault=reset-in-headers"),
        new("cut", "words=20+cut=6"),
        new("cut-late", "words=5+cut=6"),
        new("reset", "words=20+reset=6"),
        new("length-too-long", "fault=length-too-long"),
        new("length-too-short", "fault=length-too-short"),

        // never
        new("never-answers", "fault=never-answers"),
        new("never-ends", "fault=never-ends+between=5"),
        new("never-ends-cancelling", "fault=never-ends+between=5", "cancelling"),
        new("stalls", "words=10+stall=3"),
        new("stalls-at-once", "words=10+stall=0", "cancelling"),

        // garbage
        new("malformed-json", "fault=malformed-json"),
        new("malformed-events", "fault=malformed-events"),
        new("truncated-body", "fault=truncated-body"),
        new("wrong-content-type", "fault=wrong-content-type"),
        new("huge", "huge=3000000"),
        new("error-inside", "fault=error-inside"),
        new("error-first", "fault=error-first"),
        new("json-for-stream", "fault=json-for-stream"),
        new("no-finish", "fault=no-finish"),
        new("no-done", "done=no"),
        new("after-done", "fault=after-done"),

        // no upstream at all, sometimes with one behind it
        new("untrusted", "", "untrusted"),
        new("no-tls", "", "no-tls"),
        new("dead", "", "dead"),
    ];

    /// <summary>Does its upstream state a usage that is not true? The answer goes through as it is; the record must not.</summary>
    public bool IsUsageUntrue => Script.Contains("usage-form", StringComparison.Ordinal);

    /// <summary>Its line in the world file. Every third one that fails has a second route, which fails as well.</summary>
    public string ToYaml() => HasSecondRoute
        ? $"  - {{ name: {Name}, model: bench-chat, routes: [{{ upstream: {Upstream}, upstream_model: {Name} }}, {{ upstream: cancelling, upstream_model: {Name}, order: 2 }}], default_output_cap: 5000 }}"
        : $"  - {{ name: {Name}, model: bench-chat, upstream: {Upstream}, upstream_model: {Name}, default_output_cap: 5000 }}";

    private bool HasSecondRoute => Upstream is "untrusted" or "dead" || (Script.Length > 0 && Name.Length % 3 == 0 && Upstream != "cancelling");
}
