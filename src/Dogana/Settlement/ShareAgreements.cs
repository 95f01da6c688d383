using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>The agreements by which companies share what a channel sells.</summary>
public static class ShareAgreements
{
    /// <summary>Adds agreements or changes them. An agreement that has begun can only be ended: statements stand on the rest of it.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="parties">The parties, as this transaction leaves them.</param>
    /// <param name="wanted">The agreements.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="ProblemException">Something declared is invalid, overlaps or contradicts what is there; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, PartyTable parties, IReadOnlyList<ShareAgreement> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(wanted);
        wanted = [.. wanted.Select(static agreement => ToRow(agreement).ToAgreement())]; // instants as stored: an offset is no difference
        var present = await ReadAsync(session);
        foreach (var agreement in wanted)
        {
            Check(agreement, parties);
            var before = present.FirstOrDefault(other => other.Id == agreement.Id);
            if (before is not null && before.From <= now && agreement with { To = null } != before with { To = null })
            {
                throw Refused(ProblemCode.Conflict, $"Share agreement '{agreement.Id}' has begun. End it with 'to' and add another agreement from then on.");
            }
        }

        CheckOverlaps([.. present.Where(agreement => wanted.All(other => other.Id != agreement.Id)), .. wanted]);
        return await session.DeclareAsync("share_agreement", present, wanted, static agreement => agreement.Id, """
            insert into share_agreement(id, payer, payee, channel, basis_points, effective_from, effective_to)
            values(@Id, @Payer, @Payee, @Channel, @BasisPoints, @From, @To)
            on conflict(id) do update set payer = excluded.payer, payee = excluded.payee, channel = excluded.channel, basis_points = excluded.basis_points,
                effective_from = excluded.effective_from, effective_to = excluded.effective_to
            """, static agreement => ToRow(agreement));
    }

    /// <summary>All agreements, by id.</summary>
    public static async Task<IReadOnlyList<ShareAgreement>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>("""
            select id as Id, payer as Payer, payee as Payee, channel as Channel, basis_points as BasisPoints, effective_from as "From", effective_to as "To"
            from share_agreement order by id
            """);
        return [.. rows.Select(static row => row.ToAgreement())];
    }

    private static void Check(ShareAgreement agreement, PartyTable parties)
    {
        var missing = !parties.Organisations.ContainsKey(agreement.Payer) ? $"organisation '{agreement.Payer}'"
            : !parties.Organisations.ContainsKey(agreement.Payee) ? $"organisation '{agreement.Payee}'"
            : !parties.Channels.ContainsKey(agreement.Channel) ? $"channel '{agreement.Channel}'" : null;
        var reason = missing is not null ? $"there is no {missing}. Declare it."
            : agreement.Payer == agreement.Payee ? "payer and payee are the same organisation. Name two."
            : agreement.BasisPoints is < 1 or > 10_000 ? $"basis_points is {agreement.BasisPoints}; it must be 1 to 10000 (2000 is 20 %)."
            : agreement.To <= agreement.From ? "it ends before it begins. Give a 'to' after 'from', or none." : null;
        if (reason is not null)
        {
            throw Refused(ProblemCode.InvalidRequest, $"Share agreement '{agreement.Id}': {reason}");
        }
    }

    // One leg at a time for a payer, a payee and a channel: two would share the same invoice twice.
    private static void CheckOverlaps(IReadOnlyList<ShareAgreement> agreements)
    {
        foreach (var group in agreements.GroupBy(static agreement => (agreement.Payer, agreement.Payee, agreement.Channel)))
        {
            var ordered = group.OrderBy(static agreement => agreement.From).ToArray();
            for (var index = 1; index < ordered.Length; index++)
            {
                if (ordered[index - 1].To is not { } end || end > ordered[index].From)
                {
                    throw Refused(ProblemCode.Conflict, $"Share agreements '{ordered[index - 1].Id}' and '{ordered[index].Id}' are in force at the same time for the same "
                        + "payer, payee and channel. End the first where the second begins, or earlier.");
                }
            }
        }
    }

    private static ProblemException Refused(ProblemCode code, string message) => new(new Problem(code, message, "share_agreements"));

    private static Row ToRow(ShareAgreement agreement) => new(
        agreement.Id, agreement.Payer, agreement.Payee, agreement.Channel, agreement.BasisPoints, agreement.From.ToMicros(), agreement.To?.ToMicros());

    private sealed record Row(string Id, string Payer, string Payee, string Channel, long BasisPoints, long From, long? To)
    {
        public ShareAgreement ToAgreement() => new(
            Id, Payer, Payee, Channel, (int)BasisPoints, StoredTime.FromMicros(From), To is { } to ? StoredTime.FromMicros(to) : null);
    }
}
