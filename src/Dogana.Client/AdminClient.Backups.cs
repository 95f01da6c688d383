namespace Dogana.Client;

public sealed partial class AdminClient
{
    private const int CopyBytes = 128 * 1024;

    /// <summary>Makes a backup of the store and writes it where it is wanted. It is whole only when its last line is: read it before it is believed.</summary>
    /// <param name="to">Takes the file's bytes.</param>
    /// <param name="progress">Is told how many bytes there are so far.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task CreateBackupAsync(Stream to, Action<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(to);
        using var response = await SendAsync(HttpMethod.Post, "/backup", null, cancellation, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[CopyBytes];
        var bytes = 0L;
        while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancellation);
            bytes += read;
            progress?.Invoke(bytes);
        }
    }
}
