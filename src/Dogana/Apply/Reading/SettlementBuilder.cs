using Dogana.Catalog;
using Dogana.Settlement;

namespace Dogana.Apply.Reading;

/// <summary>Makes share agreements, rents and channel exports of what was read.</summary>
internal sealed class SettlementBuilder(FaultCollector faults)
{
    private static readonly string[] ShortForm = ["payer", "payee", "channel", "percent", "from"];

    public ShareAgreement Share(ReadItem item)
    {
        var id = item.Get<string>("id");
        if (item.Has("legs"))
        {
            foreach (var key in ShortForm.Append("to").Where(item.Has))
            {
                faults.Add(item.PlaceOf(key), $"A share agreement with legs has no {key} of its own.", "Write it in the legs.");
            }

            return new ShareAgreement(id, [.. item.Items("legs").Where(static leg => leg.IsWhole).Select(leg => Leg(id, leg))]);
        }

        var missing = ShortForm.Where(key => !item.Has(key)).ToArray();
        foreach (var key in missing)
        {
            faults.Add(item.Place.Key(key), $"A share agreement without legs needs the key '{key}'.", "Add it, or write legs.");
        }

        if (missing.Length > 0)
        {
            return new ShareAgreement(id, []);
        }

        var (from, to) = FromTo(item);
        var share = new ShareAgreement(
            id, item.Get<string>("payer"), item.Get<string>("payee"), item.Get<string>("channel"), BasisPoints(item), from, to);
        CheckPayee(item);
        if (item.Get<decimal>("percent") == 0)
        {
            faults.Add(item.PlaceOf("percent"), "A share of nothing is no share.", "Write 0.01 to 100, or delete the agreement.");
        }

        return share;
    }

    public RentAgreement Rent(ReadItem item)
    {
        var (from, to) = FromTo(item);
        var currency = Currency.Of(item.Get<string>("currency"));
        return new RentAgreement(
            item.Get<string>("id"), item.Get<string>("lessor"), item.Get<string>("lessee"), currency, from, to,
            [.. item.Items("versions").Where(static version => version.IsWhole).Select(version => new RentVersion(
                version.Get<DateTimeOffset>("from"), Amount(version, "unit_hour", currency), Amount(version, "month", currency), Amount(version, "minimum", currency)))
                .OrderBy(static version => version.From)])
        {
            Upstreams = Texts(item, "upstreams"),
            Type = EnumWords.Find<DeploymentType>(item.FindText("type")),
            Units = [.. item.Items("units").Where(static units => units.IsWhole).Select(static units => new RentedUnits(
                units.Get<DateTimeOffset>("from"), units.Find<DateTimeOffset>("to"), units.Get<long>("units"))).OrderBy(static units => units.From)],
        };
    }

    public ChannelExport Export(ReadItem item)
    {
        var (from, to) = FromTo(item);
        return new ChannelExport(
            item.Get<string>("id"), item.Get<string>("channel"), EnumWords.Find<ExportFormat>(item.Get<string>("format"))!.Value, item.Get<string>("resource"), from, to,
            [.. item.Items("dimensions").Where(static dimension => dimension.IsWhole).Select(static dimension => new ExportDimension(
                dimension.Get<string>("dimension"), Texts(dimension, "models"),
                [.. dimension.Get<IReadOnlyList<string>>("meters").Select(static meter => Meter.Find(meter)!).Order()], dimension.Get<long>("units_per_quantity"),
                dimension.Find<long>("included") ?? 0))])
        {
            Organisation = item.FindText("organisation"),
            Product = item.FindText("product"),
            Customer = item.FindText("customer"),
            Plan = item.FindText("plan"),
            SettleMinutes = item.Find<long>("settle_minutes") ?? 30,
        };
    }

    private ShareLeg Leg(string agreement, ReadItem item)
    {
        CheckPayee(item);
        if (item.Has("percent") == item.Has("tiers"))
        {
            faults.Add(item.PlaceOf("percent"), "A leg has either a percent or tiers.", "Write percent for one rate, tiers for several.");
        }

        var currency = Currency.Find(item.FindText("currency"));
        if (currency is null && (item.Has("cap") || item.Has("minimum") || item.Has("tiers")))
        {
            faults.Add(item.Place.Key("currency"), "A leg with a cap, a minimum or tiers needs the key 'currency'.", "Add it.");
        }

        if (item.Has("minimum_period") && !item.Has("minimum"))
        {
            faults.Add(item.PlaceOf("minimum_period"), "There is no minimum that minimum_period could be about.", "Write minimum, or delete the key.");
        }

        var (from, to) = FromTo(item);
        var unit = currency ?? Currency.Of("USD"); // where it is missing there is a fault already
        return new ShareLeg(
            agreement, item.Get<string>("id"), item.Get<string>("payer"), item.Get<string>("payee"), from, to,
            item.Has("tiers")
                ? [.. item.Items("tiers").Where(static tier => tier.IsWhole).Select(tier => new ShareTier(Amount(tier, "up_to", unit), BasisPoints(tier)))]
                : [new ShareTier(null, item.Has("percent") ? BasisPoints(item) : 0)])
        {
            Channel = item.FindText("channel"),
            Owner = item.FindText("owner"),
            Models = Texts(item, "models"),
            Basis = EnumWords.Find<ShareBasis>(item.FindText("basis")) ?? ShareBasis.Net,
            Currency = currency,
            Cap = Amount(item, "cap", unit),
            Guarantee = Amount(item, "minimum", unit) is { } minimum
                ? new ShareGuarantee(minimum, EnumWords.Find<GuaranteePeriod>(item.FindText("minimum_period")) ?? GuaranteePeriod.Month) : null,
        };
    }

    private void CheckPayee(ReadItem item)
    {
        if (item.Get<string>("payer") == item.Get<string>("payee"))
        {
            faults.Add(item.PlaceOf("payee"), $"'{item.Get<string>("payee")}' would owe a share to itself.", "Name two organisations.");
        }
    }

    private (DateTimeOffset From, DateTimeOffset? To) FromTo(ReadItem item)
    {
        var (from, to) = (item.Get<DateTimeOffset>("from"), item.Find<DateTimeOffset>("to"));
        if (to <= from)
        {
            faults.Add(item.PlaceOf("to"), "It ends before it begins.", "Write a 'to' after 'from', or delete it: then there is no end.");
        }

        return (from, to);
    }

    private static int BasisPoints(ReadItem item) => (int)(item.Get<decimal>("percent") * 100m);

    private static Money? Amount(ReadItem item, string key, Currency currency) => item.Find<decimal>(key) is { } amount ? new Money(amount, currency) : null;

    private static IReadOnlyList<string> Texts(ReadItem item, string key) =>
        item.Has(key) ? [.. item.Get<IReadOnlyList<string>>(key).Order(StringComparer.Ordinal)] : [];
}
