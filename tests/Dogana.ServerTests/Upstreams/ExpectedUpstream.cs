using System.Text.Json;
using Dogana.Tests;

namespace Dogana.ServerTests.Upstreams;

/// <summary>What the fixtures of one kind of upstream say: a folder here has how a world declares it, and what it is to see.</summary>
/// <param name="Upstream">Its id in the world.</param>
/// <param name="Operations">By the operation that a client calls.</param>
internal sealed record ExpectedUpstream(string Upstream, IReadOnlyDictionary<string, ExpectedOperation> Operations)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>Whose form its errors have; null where nothing is called.</summary>
    public string? Errors { get; init; }

    /// <summary>What every request has.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What follows the path.</summary>
    public string Query { get; init; } = "";

    private static string Folder => Path.Combine(Repository.Root, "tests", "Dogana.ServerTests", "Upstreams");

    /// <summary>The kinds: one folder each.</summary>
    public static IEnumerable<string> Kinds => Directory.GetDirectories(Folder).Select(static folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal);

    /// <summary>What a kind's folder says.</summary>
    public static ExpectedUpstream Of(string kind) => JsonSerializer.Deserialize<ExpectedUpstream>(File.ReadAllText(Path.Combine(Folder, kind, "expected.json")), Options)!;

    /// <summary>All kinds as a world declares them.</summary>
    public static string World(Uri address) => string.Join('\n', Kinds.Where(static kind => Of(kind).Errors is not null)
        .Select(kind => "  " + File.ReadAllText(Path.Combine(Folder, kind, "world.yaml")).Trim().Replace("{address}", address.ToString(), StringComparison.Ordinal)));
}

/// <summary>How a kind of upstream serves an operation.</summary>
/// <param name="Served">The operation that it is called with: the client's own, or a translated one.</param>
/// <param name="Path">Where; <c>{model}</c> stands for the model. Null where nothing is called.</param>
/// <param name="Limit">The output limit's name there; null where there is none.</param>
internal sealed record ExpectedOperation(string Served, string? Path, string? Limit);
