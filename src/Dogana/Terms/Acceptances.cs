using Dogana.Audit;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Terms;

/// <summary>Who accepted which terms.</summary>
public static class Acceptances
{
    private const int AcceptedByLengthMax = 200;

    private const string Select = """
        select terms as Terms, version as Version, organisation as Organisation, accepted_by as AcceptedBy, accepted_at as AcceptedAt, actor as Actor
        from usage_terms_acceptance
        """;

    /// <summary>All acceptances.</summary>
    public static async Task<IReadOnlyList<Acceptance>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await session.QueryAsync<Row>(Select)).Select(static row => row.ToAcceptance())];
    }

    /// <summary>At most <paramref name="limit"/> acceptances of terms, by organisation and version, behind a pair of them.</summary>
    public static async Task<IReadOnlyList<Acceptance>> ListAsync(StoreSession session, string terms, string afterOrganisation, string afterVersion, int limit, IEnumerable<string>? organisations = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            $"""
            {Select}
            where terms = @terms and {(organisations is null ? "1 = 1" : session.IsOneOf("organisation", "organisations"))} and (organisation > @afterOrganisation or (organisation = @afterOrganisation and version > @afterVersion))
            order by organisation, version limit @limit
            """,
            new { terms, afterOrganisation, afterVersion, limit, organisations = organisations is null ? null : session.List([.. organisations]) });
        return [.. rows.Select(static row => row.ToAcceptance())];
    }

    /// <summary>Records that an organisation accepted a version; accepting it again gives what is there.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="terms">The terms.</param>
    /// <param name="version">The version; null for the newest one, though it may be in force later only.</param>
    /// <param name="organisation">Who accepts.</param>
    /// <param name="acceptedBy">The person, by name and role.</param>
    /// <param name="actor">Who records it.</param>
    /// <param name="now">When.</param>
    public static async Task<Outcome<Acceptance>> AcceptAsync(
        StoreSession session, string terms, string? version, string organisation, string acceptedBy, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if ((await TermsRegister.ReadTermsAsync(session)).FirstOrDefault(item => item.Id == terms) is not { } found)
        {
            return new Problem(ProblemCode.NotFound, $"No terms have the id '{terms}'. 'dogana terms list' shows them.", "id");
        }

        if (found.Versions.LastOrDefault(item => version is null || item.Version == version) is not { } meant)
        {
            return new Problem(ProblemCode.NotFound, $"The terms '{terms}' have no version '{version}'. They have {string.Join(", ", found.Versions.Select(static item => item.Version))}.", "version");
        }

        if (!(await PartyRegister.ReadAsync(session)).Organisations.ContainsKey(organisation))
        {
            return new Problem(ProblemCode.NotFound, $"No organisation has the id '{organisation}'.", "organisation");
        }

        if (string.IsNullOrWhiteSpace(acceptedBy) || acceptedBy.Length > AcceptedByLengthMax || acceptedBy.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, $"Who accepts is a person, by name and role: 1 to {AcceptedByLengthMax} characters on one line.", "accepted_by");
        }

        var key = new { terms, version = meant.Version, organisation };
        if (await session.FindAsync<Row>(Select + " where terms = @terms and version = @version and organisation = @organisation", key) is { } before)
        {
            return before.ToAcceptance();
        }

        var row = new Row(terms, meant.Version, organisation, acceptedBy, now.ToMicros(), actor);
        await session.ExecuteAsync(
            """
            insert into usage_terms_acceptance(terms, version, organisation, accepted_by, accepted_at, actor)
            values(@Terms, @Version, @Organisation, @AcceptedBy, @AcceptedAt, @Actor)
            """,
            row);
        await AuditLog.WriteAsync(session, now, actor, "terms.accept", $"{terms}@{meant.Version} by {organisation}", acceptedBy);
        session.ChangesConfiguration();
        return row.ToAcceptance();
    }

    private sealed record Row(string Terms, string Version, string Organisation, string AcceptedBy, long AcceptedAt, string Actor)
    {
        public Acceptance ToAcceptance() => new(Terms, Version, Organisation, AcceptedBy, StoredTime.FromMicros(AcceptedAt), Actor);
    }
}
