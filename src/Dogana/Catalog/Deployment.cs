namespace Dogana.Catalog;

/// <summary>A model made callable under a name.</summary>
/// <param name="Name">What callers write: <c>model</c> in a body, the deployment in an Azure path.</param>
/// <param name="Model">The model.</param>
/// <param name="Routes">Where it runs; at least one.</param>
/// <param name="DefaultOutputCap">Output limit in tokens for calls that name none; written into the body, so that a hold has a bound.</param>
public sealed record Deployment(string Name, string Model, IReadOnlyList<Route> Routes, long DefaultOutputCap)
{
    /// <summary>In which region its quota lies, as Azure OpenAI keeps quotas: <c>global</c> where no region is meant.</summary>
    public string Region { get; init; } = "global";

    /// <summary>Do its own limits only observe? Then a call beyond them is served, counted and shown.</summary>
    public bool ObservesLimits { get; init; }

    /// <summary>The most calls that one project may begin in a minute; null for no limit.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>The most tokens that one project may ask for in a minute, counted as the call is accepted; null for no limit.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>By the token, or with capacity of its own.</summary>
    public DeploymentType Type { get; init; } = DeploymentType.Standard;

    /// <summary>How many units it has; 0 for a standard one.</summary>
    public long Units { get; init; }

    /// <summary>Whose capacity it is: for others the deployment does not exist. Null for a standard one, which is everybody's.</summary>
    public string? Project { get; init; }

    /// <summary>The standard deployment of the same model that serves what this one has no room for; null where it is refused.</summary>
    public string? Spillover { get; init; }

    /// <summary>The filter policy that its calls are looked at by; null for none.</summary>
    public string? FilterPolicy { get; init; }

    /// <summary>Has it capacity of its own?</summary>
    public bool IsProvisioned => Type != DeploymentType.Standard;

    /// <summary>May this project call it?</summary>
    public bool IsFor(string project) => Project is null || Project == project;
}

/// <summary>One place where a deployment runs.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="UpstreamModel">The model's name there.</param>
/// <param name="Order">1 to 100: lower ones are tried first, higher ones when those fail.</param>
/// <param name="Weight">1 to 1,000: the share of calls among routes of the same order.</param>
public sealed record Route(string Upstream, string UpstreamModel, int Order, int Weight);
