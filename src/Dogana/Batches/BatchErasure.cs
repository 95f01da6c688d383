using Dogana.DataRetention;
using Dogana.Files;
using Dogana.Storage;

namespace Dogana.Batches;

/// <summary>Erases the files and batches of whoever asks for it. Files end by the time that their project gave them; no rule is about them.</summary>
public sealed class BatchErasure : IErasable
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        var (batches, files) = (0L, 0L);
        foreach (var project in scope.Projects)
        {
            batches += await BatchRegister.EraseAsync(session, project);
            files += (await StoredFiles.HideAllAsync(session, project)).Count;
        }

        return [new ErasedData("batches", batches), new ErasedData("files", files)];
    }
}
