using System.Globalization;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>The agreements by which companies rent servers from each other.</summary>
public static class RentAgreements
{
    /// <summary>Adds agreements or changes them: new versions and windows in the future, ends that are not past. What has begun stays.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="parties">The parties, as this transaction leaves them.</param>
    /// <param name="wanted">The agreements.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="ProblemException">Something declared is invalid or would change what is past; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, PartyTable parties, IReadOnlyList<RentAgreement> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(wanted);
        wanted = [.. wanted.Select(static agreement => ToRow(agreement).ToAgreement())]; // instants as stored: an offset is no difference
        var present = await ReadAsync(session);
        foreach (var agreement in wanted)
        {
            var reason = Wrong(agreement, parties);
            if (reason is not null)
            {
                throw Refused(ProblemCode.InvalidRequest, agreement, reason);
            }

            if (present.FirstOrDefault(other => other.Id == agreement.Id) is { } before && before.From <= now && Text(Past(agreement, now)) != Text(Past(before, now)))
            {
                throw Refused(ProblemCode.Conflict, agreement, "what it says of the past cannot change. Add a version or a window from a later instant on, or an end that is to come.");
            }
        }

        return await session.DeclareAsync("rent_agreement", present, wanted, static agreement => agreement.Id, """
            insert into rent_agreement(id, lessor, lessee, currency, upstreams, type, versions, units, effective_from, effective_to)
            values(@Id, @Lessor, @Lessee, @Currency, @Upstreams, @Type, @Versions, @Units, @From, @To)
            on conflict(id) do update set lessor = excluded.lessor, lessee = excluded.lessee, currency = excluded.currency, upstreams = excluded.upstreams,
                type = excluded.type, versions = excluded.versions, units = excluded.units, effective_from = excluded.effective_from,
                effective_to = excluded.effective_to
            """, static agreement => ToRow(agreement));
    }

    /// <summary>All agreements, by id.</summary>
    public static async Task<IReadOnlyList<RentAgreement>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>("""
            select id as Id, lessor as Lessor, lessee as Lessee, currency as Currency, upstreams as Upstreams, type as Type, versions as Versions, units as Units,
                effective_from as "From", effective_to as "To"
            from rent_agreement
            """);
        return [.. rows.Select(static row => row.ToAgreement()).OrderBy(static agreement => agreement.Id, StringComparer.Ordinal)];
    }

    private static string? Wrong(RentAgreement agreement, PartyTable parties)
    {
        DateTimeOffset?[] instants =
        [
            agreement.From, agreement.To, .. agreement.Versions.Select(static version => version.From),
            .. agreement.Units.SelectMany(static units => new[] { units.From, units.To }),
        ];
        var amounts = agreement.Versions.SelectMany(static version => new[] { version.UnitHour, version.Month, version.Minimum }).OfType<Money>().ToArray();
        return !parties.Organisations.ContainsKey(agreement.Lessor) ? $"there is no organisation '{agreement.Lessor}'. Declare it."
            : !parties.Organisations.ContainsKey(agreement.Lessee) ? $"there is no organisation '{agreement.Lessee}'. Declare it."
            : agreement.Lessor == agreement.Lessee ? "lessor and lessee are the same organisation. Name two."
            : agreement.To <= agreement.From ? "it ends before it begins. Give a 'to' after 'from', or none."
            : agreement.Versions.Count == 0 || agreement.Versions[0].From > agreement.From ? "its first version begins after it. Let it begin no later."
            : agreement.Versions.Zip(agreement.Versions.Skip(1)).Any(static pair => pair.First.From >= pair.Second.From) ? "two versions begin at the same instant. Keep one."
            : agreement.Versions.Any(static version => version.UnitHour is null && version.Month is null && version.Minimum is null) ? "a version has no price. Give it unit_hour, month or minimum."
            : amounts.Any(static amount => amount.Amount < 0) || amounts.Any(amount => amount.Currency != agreement.Currency) ? "an amount is below zero or in another currency. Write it in the agreement's."
            : agreement.Units.Any(static units => units.Units < 1 || units.To <= units.From) ? "a window has no units or no length. Give it units of 1 or more, and a 'to' after 'from'."
            : instants.Any(static at => at is { } instant && instant.Ticks % TimeSpan.TicksPerMinute != 0) ? "an instant is not a whole minute. Write one that is."
            : null;
    }

    // What was in force before now, as it was then.
    private static RentAgreement Past(RentAgreement agreement, DateTimeOffset now) => agreement with
    {
        To = agreement.To <= now ? agreement.To : null,
        Versions = [.. agreement.Versions.Where(version => version.From <= now)],
        Units = [.. agreement.Units.Where(units => units.From <= now).Select(units => units.To <= now ? units : units with { To = null })],
    };

    private static string Text(RentAgreement agreement) => JsonSerializer.Serialize(agreement);

    private static ProblemException Refused(ProblemCode code, RentAgreement agreement, string reason) =>
        new(new Problem(code, $"Rent agreement '{agreement.Id}': {reason}", "rent_agreements"));

    private static Row ToRow(RentAgreement agreement) => new(
        agreement.Id, agreement.Lessor, agreement.Lessee, agreement.Currency.Code, JsonSerializer.Serialize(agreement.Upstreams), agreement.Type?.ToString(),
        JsonSerializer.Serialize(agreement.Versions.Select(static version => new VersionRow(
            version.From.ToMicros(), version.UnitHour?.ToAmountText(), version.Month?.ToAmountText(), version.Minimum?.ToAmountText()))),
        JsonSerializer.Serialize(agreement.Units.Select(static units => new UnitsRow(units.From.ToMicros(), units.To?.ToMicros(), units.Units))),
        agreement.From.ToMicros(), agreement.To?.ToMicros());

    private sealed record VersionRow(long From, string? UnitHour, string? Month, string? Minimum);

    private sealed record UnitsRow(long From, long? To, long Units);

    private sealed record Row(
        string Id, string Lessor, string Lessee, string Currency, string Upstreams, string? Type, string Versions, string Units, long From, long? To)
    {
        public RentAgreement ToAgreement()
        {
            var currency = Dogana.Currency.Of(Currency);
            return new RentAgreement(
                Id, Lessor, Lessee, currency, StoredTime.FromMicros(From), Instant(To),
                [.. JsonSerializer.Deserialize<VersionRow[]>(Versions)!.Select(version => new RentVersion(
                    StoredTime.FromMicros(version.From), Amount(version.UnitHour), Amount(version.Month), Amount(version.Minimum)))])
            {
                Upstreams = JsonSerializer.Deserialize<string[]>(Upstreams)!,
                Type = Type is null ? null : Enum.Parse<DeploymentType>(Type),
                Units = [.. JsonSerializer.Deserialize<UnitsRow[]>(Units)!.Select(static units => new RentedUnits(StoredTime.FromMicros(units.From), Instant(units.To), units.Units))],
            };

            Money? Amount(string? text) => text is null ? null : new Money(decimal.Parse(text, CultureInfo.InvariantCulture), currency);
        }

        private static DateTimeOffset? Instant(long? micros) => micros is { } known ? StoredTime.FromMicros(known) : null;
    }
}
