using Dogana.Storage;

namespace Dogana.Parties.Ownership.Import;

/// <summary>Whom the store knows by more than an import: what a file is read against.</summary>
internal sealed class KnownParties
{
    private readonly IReadOnlyList<OrganisationRow> _organisations;

    private KnownParties(IReadOnlyList<OrganisationRow> organisations, IReadOnlyList<OwnershipParty> parties)
    {
        (_organisations, Parties) = (organisations, parties);
        Organisations = organisations.Select(static row => row.Id).ToHashSet(StringComparer.Ordinal);
        var byLei = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, lei) in parties.Select(static item => (item.Id, item.Lei!)).Concat(organisations.Where(static row => row.Lei is not null).Select(static row => (row.Id, row.Lei!))))
        {
            byLei[lei] = id; // an organisation goes before
        }

        ByLei = byLei;
    }

    /// <summary>The ids of all organisations.</summary>
    public IReadOnlySet<string> Organisations { get; }

    /// <summary>The parties that have a LEI and are no organisations.</summary>
    public IReadOnlyList<OwnershipParty> Parties { get; }

    /// <summary>The party of a LEI: an organisation, or one of <see cref="Parties"/>.</summary>
    public IReadOnlyDictionary<string, string> ByLei { get; }

    /// <summary>Reads them.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="withMade">Also the parties that an import made from their LEI alone?</param>
    public static async Task<KnownParties> ReadAsync(StoreSession session, bool withMade) => new(
        await session.QueryAsync<OrganisationRow>("select id as Id, lei as Lei from organisation order by id"),
        [.. (await session.QueryAsync<OwnershipStore.PartyRow>(
            $"{OwnershipStore.SelectParties} where lei is not null{(withMade ? "" : " and id <> 'lei-' || lower(lei)")} order by id")).Select(static row => row.ToParty())]);

    /// <summary>Would a file be read in the same way?</summary>
    public bool IsAs(KnownParties other) => _organisations.SequenceEqual(other._organisations) && Parties.SequenceEqual(other.Parties);

    private sealed record OrganisationRow(string Id, string? Lei);
}
