using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Settlement;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Settlement;

public sealed class PartnerStatementTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly BillingMonth March = new(2026, 3);

    private sealed record Paper(bool IsDirect, int Cents, bool IsLarge, int Month, bool IsGivenBack);

    private static Gen<ShareLeg[]> TwoLegs =>
        from out1 in Gen.Choose(1, 6_000)
        from back in Gen.Choose(1, 6_000)
        from second in Gen.Choose(0, 5_000)
        from edge in Gen.Choose(1, 100_000)
        from cap in Gen.Choose(1, 90_000)
        from minimum in Gen.Choose(1, 20_000)
        from period in Gen.Elements(GuaranteePeriod.Month, GuaranteePeriod.Quarter)
        select new[]
        {
            Leg("out", "cloud", "owner", "resale", out1) with { Tiers = [new ShareTier(Cents(edge), out1), new ShareTier(null, second)], Cap = Cents(cap), Guarantee = new ShareGuarantee(Cents(minimum), period) },
            Leg("back", "owner", "cloud", "direct", back) with { Models = ["large"] },
        };

    private static Gen<Paper[]> PapersOf =>
        (from isDirect in Gen.Elements(true, false)
        from cents in Gen.Choose(0, 150_000)
        from isLarge in Gen.Elements(true, false)
        from month in Gen.Choose(1, 3)
        from isGivenBack in Gen.Elements(true, false, false)
        select new Paper(isDirect, cents, isLarge, month, isGivenBack)).ArrayOf(10);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Both_directions_are_set_off_and_settled(StoreKind kind)
    {
        await using var world = await WorldAsync(kind, Leg("out", "owner", "cloud", "direct", 2_000), Leg("back", "cloud", "owner", "resale", 2_000));
        await world.AddAsync(MoneyWorld.InFebruary, Month("O-1", "direct", 1, "1234.57"), Month("C-1", "resale", 1, "1000.00"));
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

        var statement = Document((await ListAsync(world)).ShouldHaveSingleItem());

        (statement.Number, statement.Payer.Id, statement.Payee.Id).ShouldBe(("CLOUD_OWNER-000001", "cloud", "owner"));
        statement.Legs.Select(static leg => $"{leg.Agreement} {leg.Payer} {leg.Shares}").ShouldBe(["back cloud 200.00", "out owner -246.91"]);
        (statement.Accruals, statement.Clawbacks, statement.Closing, statement.NetOff).ShouldBe(("-46.91", "0.00", "-46.91", "200.00"));
        (await BalanceAsync(world, "owner", AccountKind.Payable)).ShouldBe(Papers.Amount("-46.91"));
        (await BalanceAsync(world, "owner", AccountKind.Receivable)).ShouldBe(Papers.Amount("0.00"));

        (await PayAsync(world, "owner", "cloud", "46.91", "W-1")).Problem.ShouldBeNull();
        (await PayAsync(world, "owner", "cloud", "46.91", "W-1")).Value.Number.ShouldBe(1, "the same reference is the same payment");
        (await PayAsync(world, "owner", "cloud", "46.92", "W-1")).Problem!.Code.ShouldBe(ProblemCode.Conflict);
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);
        var next = Document((await ListAsync(world))[1]);

        (next.Opening, next.Paid, next.Closing).ShouldBe(("-46.91", "-46.91", "0.00"));
        (await BalanceAsync(world, "owner", AccountKind.Payable)).ShouldBe(Papers.Amount("0.00"));
        (await BalanceAsync(world, "cloud", AccountKind.Cash)).ShouldBe(Papers.Amount("46.91"));
        (await FaultsAsync(world)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_credit_note_takes_the_share_back_on_a_later_statement(StoreKind kind)
    {
        await using var world = await WorldAsync(kind, Leg("back", "cloud", "owner", "resale", 2_000));
        await world.AddAsync(MoneyWorld.InFebruary, Month("C-1", "resale", 1, "1234.57"));
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await world.AddAsync(MoneyWorld.InFebruary.AddDays(3), Papers.Document("C-CN-1", "resale", MoneyWorld.January, [new PaperLine("-1234.57")], corrects: "C-1"));
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);

        var statement = Document((await ListAsync(world))[1]);

        (statement.Opening, statement.Accruals, statement.Clawbacks, statement.Closing).ShouldBe(("246.91", "0.00", "246.91", "0.00"));
        statement.Legs[0].Documents.ShouldHaveSingleItem().Kind.ShouldBe("credit_note");
        (await FaultsAsync(world)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_leg_ends_in_mid_life_and_the_other_direction_goes_on()
    {
        await using var world = await WorldAsync(StoreKind.Sqlite, Leg("out", "owner", "cloud", "direct", 2_000), Leg("back", "cloud", "owner", "resale", 2_000));
        await world.AddAsync(MoneyWorld.InFebruary, Month("O-1", "direct", 1, "100.00"), Month("C-1", "resale", 1, "200.00"));
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);

        var tooEarly = await Should.ThrowAsync<ProblemException>(() => DeclareAsync(world, Leg("out", "owner", "cloud", "direct", 2_000) with { To = Start.AddDays(9) }));
        await DeclareAsync(world, Leg("out", "owner", "cloud", "direct", 2_000) with { To = Start.AddDays(45) });
        await world.AddAsync(MoneyWorld.InMarch, Month("O-2", "direct", 2, "100.00"), Month("C-2", "resale", 2, "200.00"));
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);

        tooEarly.Problem.Message.ShouldContain("has shared what was used until 2026-02-01T00:00:00Z");
        (await ListAsync(world)).Select(static statement => statement.Closing.ToAmountText()).ShouldBe(["20.00", "60.00"]);
        (await FaultsAsync(world)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_guarantee_is_trued_up_when_its_period_is_over(StoreKind kind)
    {
        await using var world = await WorldAsync(
            kind,
            Leg("month", "cloud", "owner", "resale", 2_000) with { Guarantee = new ShareGuarantee(Papers.Amount("50.00"), GuaranteePeriod.Month) },
            Leg("quarter", "owner", "cloud", "direct", 1_000) with { Guarantee = new ShareGuarantee(Papers.Amount("90.00"), GuaranteePeriod.Quarter) });
        await world.AddAsync(MoneyWorld.InFebruary, Month("C-1", "resale", 1, "100.00"), Month("O-1", "direct", 1, "300.00"), Month("C-2", "resale", 2, "900.00"));
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await world.CloseAsync(MoneyWorld.February, MoneyWorld.InMarch);
        await world.CloseAsync(March, MoneyWorld.InMarch.AddMonths(1));

        (await ListAsync(world)).Select(Document).Select(static item => string.Join(", ", item.TrueUps.Select(static line => $"{line.Leg} {line.From}..{line.To} {line.Shares} {line.Amount}")))
            .ShouldBe(["month 2026-01..2026-01 20.00 30.00", "", "month 2026-03..2026-03 0.00 50.00, quarter 2026-01..2026-03 30.00 -60.00"]);
        (await FaultsAsync(world)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Random_agreements_and_documents_give_whole_statements_on_SQLite() => await CheckAsync(StoreKind.Sqlite, 3201, 6);

    [Fact]
    public async Task Random_agreements_and_documents_give_whole_statements_on_PostgreSQL() => await CheckAsync(StoreKind.Postgres, 3202, 3);

    private async Task CheckAsync(StoreKind kind, ulong seed, int times)
    {
        foreach (var (legs, papers) in Checked.Sample(from legs in TwoLegs from papers in PapersOf select (legs, papers), seed, times))
        {
            await using var world = await WorldAsync(kind, legs);
            InvoiceDocument[] documents = [.. papers.SelectMany(static (paper, index) => DocumentsOf(paper, index))];
            for (var month = 1; month <= 3; month++)
            {
                var here = new BillingMonth(2026, month);
                await world.AddAsync(here.End("Etc/UTC").AddDays(1), [.. documents.Where(document => document.Period.Month == here.ToString())]);
                await world.CloseAsync(here, here.End("Etc/UTC").AddDays(2));
            }

            var statements = (await ListAsync(world)).Select(Document).ToArray();
            (await FaultsAsync(world)).ShouldBeEmpty($"seed {seed}");
            await ShouldBeMirroredAsync(world, statements, seed);
            ShouldBeWhole(legs, documents, statements, seed);
        }
    }

    private static void ShouldBeWhole(ShareLeg[] legs, InvoiceDocument[] documents, StatementDocument[] statements, ulong seed)
    {
        // I13: opening + accruals - clawbacks - payments = closing, from statement to statement, and added up from the lines.
        var opening = Papers.Amount("0.00");
        foreach (var statement in statements)
        {
            Papers.Amount(statement.Opening).ShouldBe(opening, $"seed {seed}");
            opening = opening + Papers.Amount(statement.Accruals) - Papers.Amount(statement.Clawbacks) - Papers.Amount(statement.Paid);
            Papers.Amount(statement.Closing).ShouldBe(opening, $"seed {seed}");
            var lines = Money.Sum(
                statement.Legs.SelectMany(static leg => leg.Documents).SelectMany(static item => item.Lines).Select(static line => Papers.Amount(line.Share))
                    .Concat(statement.TrueUps.Select(static line => Papers.Amount(line.Amount))), Papers.Usd);
            lines.ShouldBe(Papers.Amount(statement.Accruals) - Papers.Amount(statement.Clawbacks), $"seed {seed}");
        }

        // I14: never above the cap, and the same as if all had been settled at once.
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var leg in legs)
        {
            var sign = leg.Payer == statements.FirstOrDefault()?.Payer.Id ? 1 : -1;
            var shared = Money.Sum(statements.SelectMany(static item => item.Legs).Where(item => item.Leg == leg.Id).Select(item => Papers.Amount(item.Shares) * sign), Papers.Usd);
            var trueUps = Money.Sum(statements.SelectMany(static item => item.TrueUps).Where(item => item.Leg == leg.Id).Select(item => Papers.Amount(item.Amount) * sign), Papers.Usd);
            var basis = Money.Sum(
                documents.Where(document => document.Channel == leg.Channel).SelectMany(document => ShareRating.Items(document, leg.Basis, [])).Where(item => ShareRating.Covers(leg, item, owners))
                    .Select(static item => item.Basis), Papers.Usd);
            (shared + trueUps).Amount.ShouldBeLessThanOrEqualTo(leg.Cap?.Amount ?? decimal.MaxValue, $"seed {seed}");
            shared.ShouldBe(ShareRating.Target(leg, basis, trueUps), $"seed {seed}");
        }
    }

    // What one company booked with the other is what the other booked with it, negated; and each sees a line as the other one does, negated.
    private static async Task ShouldBeMirroredAsync(MoneyWorld world, StatementDocument[] statements, ulong seed)
    {
        foreach (var (own, others) in new[]
        {
            (AccountKind.Payable, AccountKind.Receivable), (AccountKind.RevenueShareCost, AccountKind.ChannelRevenue), (AccountKind.Receivable, AccountKind.Payable),
        })
        {
            (await BalanceAsync(world, "cloud", own)).ShouldBe(-await BalanceAsync(world, "owner", others), $"seed {seed}");
        }

        if (statements.Length > 0)
        {
            var closing = Papers.Amount(statements[^1].Closing) * (statements[^1].Payer.Id == "cloud" ? 1 : -1);
            (await BalanceAsync(world, "owner", AccountKind.Receivable) + await BalanceAsync(world, "owner", AccountKind.Payable)).ShouldBe(closing, $"seed {seed}");
        }

        foreach (var statement in await ListAsync(world))
        {
            var (payee, payer) = (PartnerStatements.View(statement, statement.Payee), PartnerStatements.View(statement, statement.Payer));
            Amounts(payer).ShouldBe(Amounts(payee).Select(static amount => -amount), $"seed {seed}");
        }

        static IEnumerable<Money> Amounts(StatementDocument document) =>
            new[] { document.Opening, document.Accruals, document.Clawbacks, document.Paid, document.Closing }
                .Concat(document.Legs.SelectMany(static leg => leg.Documents).SelectMany(static item => item.Lines).Select(static line => line.Share))
                .Concat(document.TrueUps.Select(static line => line.Amount)).Select(Papers.Amount);
    }

    private static IEnumerable<InvoiceDocument> DocumentsOf(Paper paper, int index)
    {
        var (channel, month) = (paper.IsDirect ? "direct" : "resale", new BillingMonth(2026, paper.Month));
        var line = new PaperLine(Cents(paper.Cents).ToAmountText()) { Model = paper.IsLarge ? "large" : "small" };
        yield return Papers.Document($"D-{index}", channel, month, [line, line with { Amount = "0.07" }]);
        if (paper.IsGivenBack)
        {
            yield return Papers.Document($"D-CN-{index}", channel, month, [line with { Amount = (-Cents(paper.Cents)).ToAmountText() }], corrects: $"D-{index}");
        }
    }

    private static InvoiceDocument Month(string number, string channel, int month, string net) => Papers.Document(number, channel, new BillingMonth(2026, month), [new PaperLine(net)]);

    private static ShareLeg Leg(string id, string payer, string payee, string channel, int basisPoints) =>
        new(id, id, payer, payee, Start, null, [new ShareTier(null, basisPoints)]) { Channel = channel, Currency = Papers.Usd };

    private static Money Cents(long cents) => new(cents / 100m, Papers.Usd);

    private async Task<MoneyWorld> WorldAsync(StoreKind kind, params ShareLeg[] legs)
    {
        var world = await MoneyWorld.OpenAsync(stores, kind);
        await world.Store.WriteAsync(static session => session.ExecuteAsync("delete from share_leg"));
        await DeclareAsync(world, legs);
        return world;
    }

    private static Task<IReadOnlyList<Change>> DeclareAsync(MoneyWorld world, params ShareLeg[] legs) => world.Store.WriteAsync(session =>
        ShareAgreements.DeclareAsync(session, MoneyWorld.Parties, [.. legs.Select(static leg => new ShareAgreement(leg.Agreement, [leg]))], MoneyWorld.MidJanuary));

    private static Task<Outcome<SettlementPayment>> PayAsync(MoneyWorld world, string from, string to, string amount, string reference) => world.Store.WriteAsync(session =>
        SettlementPayments.PayAsync(session, from, to, Papers.Amount(amount), "2026-02-14", reference, "tester", MoneyWorld.InFebruary));

    private static Task<IReadOnlyList<PartnerStatement>> ListAsync(MoneyWorld world) => world.Store.ReadAsync(session => PartnerStatements.ListAsync(session));

    private static StatementDocument Document(PartnerStatement statement) => DocumentText.Read<StatementDocument>(statement.Json)!;

    private static Task<IReadOnlyList<BookFault>> FaultsAsync(MoneyWorld world) => world.Store.ReadAsync(StatementVerification.VerifyAsync);

    private static async Task<Money> BalanceAsync(MoneyWorld world, string book, AccountKind kind)
    {
        var balances = await world.Store.ReadAsync(session => LedgerJournal.BalancesAsync(session, book));
        return Money.Sum(balances.Where(balance => balance.Account.Kind == kind).Select(static balance => balance.Amount), Papers.Usd);
    }
}
