namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>What a project's response cache holds.</summary>
    public Task<ResponseCacheRecord> GetResponseCacheAsync(string project, CancellationToken cancellation = default) =>
        GetAsync<ResponseCacheRecord>($"/projects/{Uri.EscapeDataString(project)}/response-cache", cancellation);

    /// <summary>Deletes all answers of a project's response cache.</summary>
    public Task<PurgedResponseCacheRecord> PurgeResponseCacheAsync(string project, CancellationToken cancellation = default) =>
        SendAsync<PurgedResponseCacheRecord>(HttpMethod.Delete, $"/projects/{Uri.EscapeDataString(project)}/response-cache", null, cancellation);
}
