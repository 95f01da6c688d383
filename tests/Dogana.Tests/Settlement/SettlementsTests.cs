using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Settlement;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Settlement;

public sealed class SettlementsTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_invoice_of_the_channel_is_shared_once_and_rounded_once(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(
            new Call("acme", MoneyWorld.MidJanuary, 823_080_000) { Channel = "resale" }, // 123.462: 123.46
            new Call("pacific", MoneyWorld.MidJanuary, 500_000) { Channel = "resale" }, // 0.075: 0.08
            new Call("acme", MoneyWorld.MidJanuary, 1_000_000)); // direct: not shared
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

        var statement = (await ListAsync(world)).ShouldHaveSingleItem();

        (statement.Number, statement.Accruals.ToString(), statement.Closing.ToString()).ShouldBe(("CLOUD_OWNER-000001", "24.71 USD", "24.71 USD"));
        var leg = Document(statement).Legs.ShouldHaveSingleItem();
        leg.Documents.Select(static item => $"{item.Number} {item.Basis} {item.Share}").ShouldBe(["CLOUD-000001 123.46 24.69", "CLOUD-000002 0.08 0.02"]);
        (leg.Rates.ShouldHaveSingleItem().BasisPoints, leg.CumulativeBasis).ShouldBe((2_000, "123.54"));
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_the_payer_books_is_what_the_payee_books_negated(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 999_999_999) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

        var balances = await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session));

        var statement = (await ListAsync(world)).ShouldHaveSingleItem();
        Of("cloud", AccountKind.Payable, "owner").ShouldBe(-Of("owner", AccountKind.Receivable, "cloud"));
        Of("cloud", AccountKind.RevenueShareCost, "owner").ShouldBe(-Of("owner", AccountKind.ChannelRevenue, "cloud"));
        Of("owner", AccountKind.Receivable, "cloud").ShouldBe(statement.Closing);
        foreach (var book in balances.GroupBy(static balance => (balance.Account.Book, balance.Amount.Currency)))
        {
            Money.Sum(book.Select(static balance => balance.Amount), book.Key.Currency).IsZero.ShouldBeTrue();
        }

        Money Of(string book, AccountKind kind, string party) => balances.Single(balance => balance.Account == new Account(book, kind, party)).Amount;
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Statements_carry_their_balance_on_and_settling_again_makes_nothing(StoreKind kind)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 100_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await world.UseAsync(new Call("acme", MoneyWorld.InFebruary, 200_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);
        var before = await ListAsync(world);

        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InMarch);
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);

        before.Select(Document).Select(static document => $"{document.Number} {document.Month} {document.Opening} + {document.Accruals} - {document.Paid} = {document.Closing}").ShouldBe(
            ["CLOUD_OWNER-000001 2026-01 0.00 + 3.00 - 0.00 = 3.00", "CLOUD_OWNER-000002 2026-02 3.00 + 6.00 - 0.00 = 9.00"]);
        (await ListAsync(world)).ShouldBe(before);
        (await world.VerifyAsync()).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_agreement_covers_what_ends_while_it_is_in_force()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        var (middle, start) = (new DateTimeOffset(2026, 2, 10, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await DeclareAsync(world, new ShareAgreement("cloud-share", "cloud", "owner", "resale", 2_000, start, middle), new ShareAgreement("next", "cloud", "owner", "resale", 1_000, middle, null));
        await world.UseAsync(
            new Call("acme", MoneyWorld.MidJanuary, 100_000_000) { Channel = "resale" }, new Call("acme", MoneyWorld.InFebruary, 100_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);

        (await ListAsync(world)).Select(static statement => $"{statement.Number} {statement.Month} {statement.Accruals} {Document(statement).Legs[0].Agreement}").ShouldBe(
            ["CLOUD_OWNER-000001 2026-01 3.00 USD cloud-share", "CLOUD_OWNER-000002 2026-02 1.50 USD next"]);
    }

    [Fact]
    public async Task Agreements_that_overlap_or_name_nobody_are_refused()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        var good = new ShareLeg("second", "second", "cloud", "owner", MoneyWorld.InMarch, null, [new ShareTier(null, 100)]) { Channel = "resale" };
        var usd = Currency.Of("USD");

        (await RefusedAsync(good)).Code.ShouldBe(ProblemCode.Conflict);
        (await RefusedAsync(good with { Channel = null })).Message.ShouldContain("at the same time");
        (await RefusedAsync(good with { Models = ["small"] })).Message.ShouldContain("at the same time");
        (await RefusedAsync(good with { Tiers = [new ShareTier(null, 10_001)] })).Message.ShouldContain("1 to 10000");
        (await RefusedAsync(good with { Tiers = [new ShareTier(null, 0)] })).Message.ShouldContain("share of nothing");
        (await RefusedAsync(good with { Currency = usd, Tiers = [new ShareTier(new Money(2m, usd), 1), new ShareTier(new Money(1m, usd), 1), new ShareTier(null, 1)] })).Message.ShouldContain("do not rise");
        (await RefusedAsync(good with { Cap = new Money(1m, usd) })).Message.ShouldContain("no currency");
        (await RefusedAsync(good with { Currency = usd, Guarantee = new ShareGuarantee(new Money(1m, usd), GuaranteePeriod.Term) })).Message.ShouldContain("has no end");
        (await RefusedAsync(good with { Models = ["small"], Owner = "owner" })).Message.ShouldContain("names an owner and models");
        (await RefusedAsync(good with { Payee = "cloud" })).Message.ShouldContain("same organisation");
        (await RefusedAsync(good with { Channel = "none" })).Message.ShouldContain("no channel 'none'");
        (await RefusedAsync(good with { Agreement = "cloud-share", Id = "cloud-share" })).Message.ShouldContain("has begun");
        await DeclareAsync(world, new ShareAgreement("second", [good with { Payer = "owner", Payee = "cloud" }])); // the other direction is another leg
        await DeclareAsync(world, new ShareAgreement("third", [good with { Agreement = "third", Payer = "owner", Payee = "cloud", From = MoneyWorld.InFebruary, To = MoneyWorld.InMarch }]));

        async Task<Problem> RefusedAsync(ShareLeg leg) => (await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, new ShareAgreement(leg.Agreement, [leg])))).Problem;
    }

    [Fact]
    public async Task The_page_of_a_statement_stands_alone()
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 100_000_000) { Channel = "resale" });
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

        var html = PartnerStatements.ToHtml((await ListAsync(world)).ShouldHaveSingleItem());

        html.ShouldContain("Cloud &amp; Sons &lt;Inc&gt;");
        html.ShouldContain("<td class=\"amount\">15.00</td><td class=\"amount\">20 %</td><td class=\"amount\">3.00</td>");
        html.ShouldContain("Payer owes, USD");
    }

    private static Task<IReadOnlyList<PartnerStatement>> ListAsync(MoneyWorld world) => world.Store.ReadAsync(session => PartnerStatements.ListAsync(session));

    private static StatementDocument Document(PartnerStatement statement) => DocumentText.Read<StatementDocument>(statement.Json)!;

    private static Task<IReadOnlyList<Change>> DeclareAsync(MoneyWorld world, params IReadOnlyList<ShareAgreement> agreements) =>
        world.Store.WriteAsync(session => ShareAgreements.DeclareAsync(session, MoneyWorld.Parties, agreements, MoneyWorld.MidJanuary));
}
