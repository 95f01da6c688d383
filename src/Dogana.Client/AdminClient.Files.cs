namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>A page of the files, newest first: all, or those of one project.</summary>
    public Task<Page<FileRecord>> ListFilesAsync(string? project = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<FileRecord>>("/files" + Query(("project", project), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>Erases all files and batches of a project.</summary>
    public Task<ErasedFilesRecord> EraseFilesAsync(string project, CancellationToken cancellation = default) =>
        SendAsync<ErasedFilesRecord>(HttpMethod.Delete, $"/projects/{Uri.EscapeDataString(project)}/files", null, cancellation);

    /// <summary>A page of the batches, newest first: all, or those of one project.</summary>
    public Task<Page<BatchRecord>> ListBatchesAsync(string? project = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<BatchRecord>>("/batches" + Query(("project", project), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A batch.</summary>
    public Task<BatchRecord> GetBatchAsync(string id, CancellationToken cancellation = default) => GetAsync<BatchRecord>($"/batches/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Takes a batch back: no line is begun any more.</summary>
    public Task<BatchRecord> CancelBatchAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<BatchRecord>(HttpMethod.Post, $"/batches/{Uri.EscapeDataString(id)}/cancel", null, cancellation);
}
