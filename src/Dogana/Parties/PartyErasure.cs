using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Parties;

/// <summary>The address that an organisation's documents are mailed to: often a person's.</summary>
public sealed class PartyErasure : IErasable
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(scope);
        return scope.Organisation is { } organisation
            ? [new ErasedData("address that documents are mailed to", await session.ExecuteAsync("update organisation set invoice_email = null where id = @organisation and invoice_email is not null", new { organisation }))]
            : [];
    }
}
