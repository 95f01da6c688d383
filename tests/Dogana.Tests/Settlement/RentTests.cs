using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Settlement;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;
using FsCheck.Fluent;

namespace Dogana.Tests.Settlement;

public sealed class RentTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Units_are_paid_by_the_minute_used_or_not()
    {
        var rent = Rent(new RentVersion(Start, Papers.Amount("2.00"), null, null)) with { Units = [new RentedUnits(Start, Start.AddHours(10), 100), new RentedUnits(Start.AddHours(5), Start.AddHours(6).AddMinutes(30), 10)] };

        var month = RentRating.Rate(rent, MoneyWorld.January, [new UsedUnits(Start, 45_000)]);

        (month.Total.ToAmountText(), month.Rented, month.Used).ShouldBe(("2030.00", 60_900, 45_000));
    }

    [Fact]
    public void A_minimum_that_was_lowered_holds_from_its_instant_on()
    {
        var rent = Rent(new RentVersion(Start, Papers.Amount("1.00"), null, Papers.Amount("3100.00")), new RentVersion(Start.AddDays(45), Papers.Amount("1.00"), null, Papers.Amount("1400.00")));

        RentRating.Rate(rent, MoneyWorld.January, [new UsedUnits(Start, 60_000)]).Charges.Select(static charge => $"{charge.Kind} {charge.Amount.ToAmountText()}").ShouldBe(["units 1000.00", "minimum 2100.00"]);
        RentRating.Rate(rent, MoneyWorld.February, []).Total.ToAmountText().ShouldBe("2250.00"); // half of February at each
        RentRating.Rate(rent, new BillingMonth(2026, 3), [new UsedUnits(Start.AddDays(60), 120_000)]).Total.ToAmountText().ShouldBe("2000.00");
    }

    [Fact]
    public void A_month_in_parts_costs_its_price_to_the_last_digit()
    {
        Checked.ForAll(from cents in Gen.Choose(0, 10_000_000) from minutes in Gen.Choose(1, 44_639) select (cents, minutes), 3301, input =>
        {
            var price = new Money(input.cents / 100m, Papers.Usd);
            var rent = Rent(new RentVersion(Start, null, price, null), new RentVersion(Start.AddMinutes(input.minutes), null, price, null));

            RentRating.Rate(rent, MoneyWorld.January, []).Total.ShouldBe(price);
        });
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Rent_stands_on_the_statement_and_in_both_books(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        var rent = Rent(new RentVersion(Start, Papers.Amount("2.00"), null, null), new RentVersion(Start.AddDays(40), Papers.Amount("1.50"), null, null)) with { Units = [new RentedUnits(Start, null, 10)] };
        await DeclareAsync(world, rent);
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);

        var statements = (await world.Store.ReadAsync(session => PartnerStatements.ListAsync(session))).ToArray();
        var balances = await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session));

        statements.Select(static statement => $"{statement.Payer} {statement.Payee} {statement.Accruals.ToAmountText()} {statement.Closing.ToAmountText()}")
            .ShouldBe(["owner cloud 14880.00 14880.00", "owner cloud 11160.00 26040.00"]); // February: 9 days at 2.00, 19 at 1.50
        DocumentText.Read<StatementDocument>(statements[1].Json)!.Rents.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            line => line.Unused.ShouldBe(10 * 28 * 24 * 60), line => line.Charges.Select(static charge => charge.Amount).ShouldBe(["4320.00", "6840.00"]));
        balances.Single(static item => item.Account is { Book: "owner", Kind: AccountKind.RentCost }).Amount.ShouldBe(Papers.Amount("26040.00"));
        balances.Single(static item => item.Account is { Book: "cloud", Kind: AccountKind.RentRevenue }).Amount.ShouldBe(Papers.Amount("-26040.00"));
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();

        var changed = rent with { Versions = [rent.Versions[0] with { UnitHour = Papers.Amount("9.00") }, rent.Versions[1]] };
        (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, changed))).Problem.Message.ShouldContain("what it says of the past cannot change");
    }

    private static RentAgreement Rent(params RentVersion[] versions) => new("servers", "cloud", "owner", Papers.Usd, Start, null, versions);

    private static Task<IReadOnlyList<Change>> DeclareAsync(MoneyWorld world, RentAgreement rent) => world.Store.WriteAsync(session =>
        RentAgreements.DeclareAsync(session, MoneyWorld.Parties, [rent], MoneyWorld.InMarch));
}
