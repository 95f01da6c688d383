using Dogana.Audit;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>The measures that model owners take against families.</summary>
public static class Measures
{
    private const string Select = """
        select id as Id, family as Family, owner as Owner, level as Level, reason as Reason, proposed_by as ProposedBy,
            starts_at as StartsAt, lifted_at as LiftedAt, lifted_by as LiftedBy from measure
        """;

    /// <summary>All measures, the lifted ones too, oldest first.</summary>
    public static async Task<IReadOnlyList<Measure>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await session.QueryAsync<Row>(Select + " order by starts_at, id")).Select(static row => row.ToMeasure())];
    }

    /// <summary>
    /// Suspends the whole family of an organisation from an owner's models, from now on. A second suspension while one stands gives the one that stands.
    /// </summary>
    public static async Task<Outcome<Measure>> SuspendAsync(StoreSession session, string organisation, string owner, string reason, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var parties = await PartyRegister.ReadAsync(session);
        if (!parties.Organisations.ContainsKey(organisation))
        {
            return new Problem(ProblemCode.NotFound, $"No organisation has the id '{organisation}'.", "organisation");
        }

        if (!parties.Organisations.ContainsKey(owner))
        {
            return new Problem(ProblemCode.NotFound, $"No organisation has the id '{owner}'.", "owner");
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > 500 || reason.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, "A suspension needs a reason of at most 500 characters on one line: the customer reads it.", "reason");
        }

        var family = parties.Ownership.At(now).FamilyOf(organisation);
        var standing = await session.FindAsync<Row>(Select + " where family = @family and owner = @owner and lifted_at is null", new { family, owner });
        if (standing is not null)
        {
            return standing.ToMeasure();
        }

        var measure = new Measure(Guid.CreateVersion7(now).ToString(), family, owner, MeasureLevel.Suspend, reason, actor, now, null, null);
        await session.ExecuteAsync(
            """
            insert into measure(id, family, owner, level, reason, proposed_by, starts_at)
            values(@Id, @Family, @Owner, @Level, @Reason, @ProposedBy, @StartsAt)
            """,
            new { measure.Id, measure.Family, measure.Owner, Level = measure.Level.ToString(), measure.Reason, measure.ProposedBy, StartsAt = now.ToMicros() });
        await AuditLog.WriteAsync(session, now, actor, "measure.suspend", $"{family} from {owner}", reason);
        session.ChangesConfiguration();
        return measure;
    }

    /// <summary>Lifts a measure; lifting a lifted one changes nothing.</summary>
    public static async Task<Outcome<Measure>> LiftAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>(Select + " where id = @id", new { id });
        if (row is null)
        {
            return new Problem(ProblemCode.NotFound, $"No measure has the id '{id}'.", "id");
        }

        if (row.LiftedAt is not null)
        {
            return row.ToMeasure();
        }

        await session.ExecuteAsync("update measure set lifted_at = @now, lifted_by = @actor where id = @id", new { id, now = now.ToMicros(), actor });
        await AuditLog.WriteAsync(session, now, actor, "measure.lift", $"{row.Family} from {row.Owner}", id);
        session.ChangesConfiguration();
        return row.ToMeasure() with { LiftedAt = now, LiftedBy = actor };
    }

    private sealed record Row(string Id, string Family, string Owner, string Level, string Reason, string ProposedBy, long StartsAt, long? LiftedAt, string? LiftedBy)
    {
        public Measure ToMeasure() => new(
            Id, Family, Owner, Enum.Parse<MeasureLevel>(Level), Reason, ProposedBy, StoredTime.FromMicros(StartsAt),
            LiftedAt is { } at ? StoredTime.FromMicros(at) : null, LiftedBy);
    }
}
