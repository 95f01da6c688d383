using System.Globalization;
using System.Text.Json;
using Dogana.Storage;

namespace Dogana.Settlement.Legs;

/// <summary>The table of legs.</summary>
internal static class LegRows
{
    public static async Task<IReadOnlyList<ShareLeg>> ReadAsync(StoreSession session) => [.. (await session.QueryAsync<Row>("""
        select agreement as Agreement, id as Id, payer as Payer, payee as Payee, channel as Channel, owner as Owner, models as Models, tiers as Tiers, basis as Basis,
            currency as Currency, cap_micro as CapMicro, cap_pico as CapPico, minimum_micro as MinimumMicro, minimum_pico as MinimumPico, minimum_period as MinimumPeriod,
            effective_from as "From", effective_to as "To"
        from share_leg
        """)).Select(static row => row.ToLeg()).OrderBy(static leg => leg.Agreement, StringComparer.Ordinal).ThenBy(static leg => leg.Id, StringComparer.Ordinal)];

    public static Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<ShareLeg> present, IReadOnlyList<ShareLeg> wanted) =>
        session.DeclareAsync("share_agreement", present, wanted, static leg => leg.Name, """
            insert into share_leg(agreement, id, payer, payee, channel, owner, models, tiers, basis, currency, cap_micro, cap_pico, minimum_micro, minimum_pico,
                minimum_period, effective_from, effective_to)
            values(@Agreement, @Id, @Payer, @Payee, @Channel, @Owner, @Models, @Tiers, @Basis, @Currency, @CapMicro, @CapPico, @MinimumMicro, @MinimumPico,
                @MinimumPeriod, @From, @To)
            on conflict(agreement, id) do update set payer = excluded.payer, payee = excluded.payee, channel = excluded.channel, owner = excluded.owner,
                models = excluded.models, tiers = excluded.tiers, basis = excluded.basis, currency = excluded.currency, cap_micro = excluded.cap_micro,
                cap_pico = excluded.cap_pico, minimum_micro = excluded.minimum_micro, minimum_pico = excluded.minimum_pico,
                minimum_period = excluded.minimum_period, effective_from = excluded.effective_from, effective_to = excluded.effective_to
            """, static leg => ToRow(leg));

    /// <summary>The leg as it comes back from the store: instants in UTC, to the microsecond.</summary>
    public static ShareLeg AsStored(ShareLeg leg) => ToRow(leg).ToLeg();

    /// <summary>The end of the last service period that the leg has shared, or null.</summary>
    public static async Task<DateTimeOffset?> FindLastServiceEndAsync(StoreSession session, ShareLeg leg) =>
        await session.ScalarAsync<long>("select coalesce(max(service_end), 0) from share_line where agreement = @Agreement and leg = @Id", new { leg.Agreement, leg.Id }) is > 0 and var end
            ? StoredTime.FromMicros(end) : null;

    private static Row ToRow(ShareLeg leg) => new(
        leg.Agreement, leg.Id, leg.Payer, leg.Payee, leg.Channel, leg.Owner, JsonSerializer.Serialize(leg.Models),
        JsonSerializer.Serialize(leg.Tiers.Select(static tier => new TierRow(tier.UpTo?.ToAmountText(), tier.BasisPoints))), leg.Basis.ToString(), leg.Currency?.Code,
        leg.Cap?.Micro, leg.Cap?.Pico, leg.Guarantee?.Amount.Micro, leg.Guarantee?.Amount.Pico, leg.Guarantee?.Period.ToString(), leg.From.ToMicros(), leg.To?.ToMicros());

    private sealed record TierRow(string? UpTo, int BasisPoints);

    private sealed record Row(
        string Agreement, string Id, string Payer, string Payee, string? Channel, string? Owner, string Models, string Tiers, string Basis, string? Currency,
        long? CapMicro, long? CapPico, long? MinimumMicro, long? MinimumPico, string? MinimumPeriod, long From, long? To)
    {
        public ShareLeg ToLeg()
        {
            var currency = Dogana.Currency.Find(Currency);
            return new ShareLeg(
                Agreement, Id, Payer, Payee, StoredTime.FromMicros(From), To is { } to ? StoredTime.FromMicros(to) : null,
                [.. JsonSerializer.Deserialize<TierRow[]>(Tiers)!.Select(tier => new ShareTier(
                    tier.UpTo is { } text ? new Money(decimal.Parse(text, CultureInfo.InvariantCulture), currency!.Value) : null, tier.BasisPoints))])
            {
                Channel = Channel,
                Owner = Owner,
                Models = JsonSerializer.Deserialize<string[]>(Models)!,
                Basis = Enum.Parse<ShareBasis>(Basis),
                Currency = currency,
                Cap = CapMicro is { } cap ? Money.FromParts(cap, CapPico ?? 0, currency!.Value) : null,
                Guarantee = MinimumMicro is { } minimum
                    ? new ShareGuarantee(Money.FromParts(minimum, MinimumPico ?? 0, currency!.Value), Enum.Parse<GuaranteePeriod>(MinimumPeriod!)) : null,
            };
        }
    }
}
