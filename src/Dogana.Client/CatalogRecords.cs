namespace Dogana.Client;

/// <summary>Where calls are sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">As in the world file: <c>openai_compatible</c>.</param>
/// <param name="BaseUrl">Its address; null for the embedded engine.</param>
/// <param name="Region">Where it computes, if stated.</param>
/// <param name="SecretEnv">The environment variable that may hold its key.</param>
/// <param name="Keys">The names of its keys in the store, in the order in which they are tried.</param>
public sealed record UpstreamRecord(string Id, string Kind, string? BaseUrl, string? Region, string? SecretEnv, IReadOnlyList<string> Keys);

/// <summary>A key that an upstream is to be called with.</summary>
/// <param name="Text">The key, as its provider gave it. Kept encrypted, never given again.</param>
/// <param name="Name">Its name among the upstream's keys; null for one that the server makes.</param>
public sealed record NewUpstreamKeyRequest(string Text, string? Name = null)
{
    /// <inheritdoc/>
    public override string ToString() => Name ?? "a new key"; // a record prints all it has
}

/// <summary>A key that an upstream is called with, without its text.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="Id">Its name.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="CreatedBy">Who added it.</param>
public sealed record UpstreamKeyRecord(string Upstream, string Id, DateTimeOffset CreatedAt, string CreatedBy);
