using Dogana.Apply.Shapes;
using Dogana.Billing;

namespace Dogana.Apply.Reading;

/// <summary>Makes a contract's terms of what was read.</summary>
internal static class ContractBuilder
{
    public static ContractTerms Terms(ReadItem item) => new()
    {
        Overrides = item.FindText("overrides"),
        Seller = item.FindText("seller"),
        BillingCurrency = item.FindText("billing_currency"),
        Anchor = EnumWords.Find<PeriodAnchor>(item.FindText("periods")) ?? PeriodAnchor.Calendar,
        PeriodMonths = (int)(item.Find<long>("period_months") ?? 1),
        TimeZone = item.FindText("time_zone"),
        PaymentDays = (int)(item.Find<long>("payment_days") ?? 30),
        TermMonths = (int)(item.Find<long>("term_months") ?? 0),
        Fees = [.. item.Items("fees").Select(static fee => new ContractFee(fee.Get<string>("id"), fee.Get<string>("name"), fee.Get<decimal>("amount"), fee.Find<bool>("prorated") ?? false))],
        Discounts =
        [
            .. item.Items("discounts").Select(static discount => new ContractDiscount(
                discount.Get<string>("id"), discount.Get<string>("name"), (int)(discount.Get<decimal>("percent") * 100m), Models(discount))),
        ],
        Minimums =
        [
            .. item.Items("minimums").Select(static minimum => new SpendMinimum(
                minimum.Get<string>("id"), minimum.Get<decimal>("amount"), EnumWords.Find<MinimumCadence>(minimum.Get<string>("cadence"))!.Value,
                EnumWords.Find<EarlyEnd>(minimum.FindText("early_end")) ?? EarlyEnd.Full)),
        ],
        Prepayments =
        [
            .. item.Items("prepayments").Select(static prepayment => new Prepayment(
                prepayment.Get<string>("id"), prepayment.Get<string>("name"), prepayment.Get<decimal>("amount"), prepayment.Get<DateTimeOffset>("from"), prepayment.Find<DateTimeOffset>("expires"),
                (int)(prepayment.Find<long>("priority") ?? 100), prepayment.Find<bool>("promotional") ?? false)),
        ],
    };

    private static IReadOnlyList<string> Models(ReadItem discount) =>
        !discount.Has("models") || discount.Get<IReadOnlyList<string>>("models") is [NamesShape.All] ? [] : discount.Get<IReadOnlyList<string>>("models");
}
