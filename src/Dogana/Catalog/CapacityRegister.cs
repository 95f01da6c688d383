using Dogana.Catalog.Provisioned;
using Dogana.Storage;

namespace Dogana.Catalog;

/// <summary>Quotas of units, reservations, and which units were held when.</summary>
public static class CapacityRegister
{
    /// <summary>The quotas of units, by organisation.</summary>
    public static async Task<IReadOnlyList<UnitQuota>> ReadQuotasAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<QuotaRow>("select organisation as Organisation, type as Type, region as Region, units as Units from unit_quota order by organisation, type, region");
        return [.. rows.Select(static row => row.ToQuota())];
    }

    /// <summary>The reservations, past and future ones too, by id.</summary>
    public static async Task<IReadOnlyList<CapacityReservation>> ReadReservationsAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<ReservationRow>(
            """
            select id as Id, organisation as Organisation, channel as Channel, type as Type, region as Region, units as Units, from_at as FromAt, to_at as ToAt
            from capacity_reservation order by id
            """);
        return [.. rows.Select(static row => row.ToReservation())];
    }

    /// <summary>Makes quotas and reservations hold what is declared; what is not named stays.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="quotas">The quotas.</param>
    /// <param name="reservations">The reservations.</param>
    /// <param name="now">Now: hours of the past are charged, and a reservation that has begun stays as it is.</param>
    /// <exception cref="ProblemException">A reservation would begin or change in the past; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(
        StoreSession session, IReadOnlyList<UnitQuota> quotas, IReadOnlyList<CapacityReservation> reservations, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(reservations);
        var present = await ReadReservationsAsync(session);
        reservations = [.. reservations.Select(static item => ToRow(item).ToReservation())]; // instants as stored
        foreach (var reservation in reservations)
        {
            CheckTime(reservation, present.FirstOrDefault(other => other.Id == reservation.Id), now);
        }

        return
        [
            .. await session.DeclareAsync(
                "unit_quota", await ReadQuotasAsync(session), quotas, static item => item.Id,
                """
                insert into unit_quota(organisation, type, region, units) values(@Organisation, @Type, @Region, @Units)
                on conflict(organisation, type, region) do update set units = excluded.units
                """,
                static item => new QuotaRow(item.Organisation, item.Type.ToString(), item.Region, item.Units)),
            .. await session.DeclareAsync(
                "reservation", present, reservations, static item => item.Id,
                """
                insert into capacity_reservation(id, organisation, channel, type, region, units, from_at, to_at)
                values(@Id, @Organisation, @Channel, @Type, @Region, @Units, @FromAt, @ToAt)
                on conflict(id) do update set organisation = excluded.organisation, channel = excluded.channel, type = excluded.type, region = excluded.region,
                    units = excluded.units, from_at = excluded.from_at, to_at = excluded.to_at
                """,
                static item => ToRow(item)),
        ];
    }

    /// <summary>
    /// Notes what each deployment holds from now on, where that is not what it held. After the catalogue was declared, in the same transaction: hours are charged by
    /// what is noted here.
    /// </summary>
    public static async Task FollowAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var catalog = await CatalogRegister.ReadAsync(session);
        var open = (await ProvisionedRows.ReadSpansAsync(session, DateTimeOffset.MaxValue, DateTimeOffset.MaxValue)).ToDictionary(static span => span.Deployment, StringComparer.Ordinal);
        foreach (var deployment in catalog.Deployments.Values.Where(item => item.IsProvisioned || open.ContainsKey(item.Name)).OrderBy(static item => item.Name, StringComparer.Ordinal))
        {
            var before = open.GetValueOrDefault(deployment.Name);
            var at = before?.From > now ? before.From : StoredTime.FromMicros(now.ToMicros()); // nodes' clocks differ a little: time does not go back
            var after = deployment.IsProvisioned
                ? new ProvisionedSpan(deployment.Name, deployment.Project!, deployment.Model, deployment.Type, deployment.Region, deployment.Units, at, null)
                : null;
            if (before is not null && after is not null && before == after with { From = before.From })
            {
                continue;
            }

            if (before is not null)
            {
                await ProvisionedRows.EndAsync(session, before, at);
            }

            if (after is not null)
            {
                await ProvisionedRows.BeginAsync(session, after);
            }
        }
    }

    /// <summary>Which units were held in a time, in the order of their beginnings.</summary>
    public static Task<IReadOnlyList<ProvisionedSpan>> ReadSpansAsync(StoreSession session, DateTimeOffset from, DateTimeOffset to)
    {
        ArgumentNullException.ThrowIfNull(session);
        return ProvisionedRows.ReadSpansAsync(session, from, to);
    }

    /// <summary>When units were first held or reserved; null while there are none.</summary>
    public static async Task<DateTimeOffset?> FindFirstAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var first = await session.QueryAsync<long>("select from_at from provisioned_span union all select from_at from capacity_reservation order by 1 limit 1");
        return first.Count == 0 ? null : StoredTime.FromMicros(first[0]);
    }

    private static void CheckTime(CapacityReservation reservation, CapacityReservation? before, DateTimeOffset now)
    {
        if (before is not null && before != reservation && before.From <= now)
        {
            throw new ProblemException(new Problem(
                ProblemCode.Conflict, $"Reservation '{reservation.Id}' has begun and is charged as it is until its end. Declare another one with an id of its own.", "reservations"));
        }

        if (before != reservation && reservation.From < now)
        {
            throw new ProblemException(new Problem(
                ProblemCode.InvalidRequest, $"Reservation '{reservation.Id}' would begin in the past, whose hours are charged already. Write a 'from' in the future.", "reservations"));
        }
    }

    private static ReservationRow ToRow(CapacityReservation item) =>
        new(item.Id, item.Organisation, item.Channel, item.Type.ToString(), item.Region, item.Units, item.From.ToMicros(), item.To.ToMicros());

    private sealed record QuotaRow(string Organisation, string Type, string Region, long Units)
    {
        public UnitQuota ToQuota() => new(Organisation, Enum.Parse<DeploymentType>(Type), Region, Units);
    }

    private sealed record ReservationRow(string Id, string Organisation, string Channel, string Type, string Region, long Units, long FromAt, long ToAt)
    {
        public CapacityReservation ToReservation() => new(
            Id, Organisation, Channel, Enum.Parse<DeploymentType>(Type), Region, Units, StoredTime.FromMicros(FromAt), StoredTime.FromMicros(ToAt));
    }
}
