using Dogana.Authority;
using Dogana.Billing;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Billing.Papers;

public sealed class DunningTests(StoreFixture stores)
{
    private static readonly DunningPolicy Policy = new("northwind", [new DunningStep(3, "A friendly reminder."), new DunningStep(14, "Second reminder."), new DunningStep(30, "Last reminder.")]);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Each_step_reminds_once_and_stops_when_it_is_paid_or_disputed(StoreKind kind)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        await world.Store.WriteAsync(session => DunningPolicies.DeclareAsync(session, [Policy]));
        var (paid, disputed, whole) = (await Issue(), await Issue(), await Issue());
        var due = PaperWorld.Day.AddDays(30);

        (await RunAsync(due)).ShouldBe(0);
        (await RunAsync(due.AddDays(2))).ShouldBe(0);
        (await RunAsync(due.AddDays(3))).ShouldBe(3);
        (await RunAsync(due.AddDays(4))).ShouldBe(0);
        (await world.StateAsync(paid, due.AddDays(4))).ShouldSatisfyAllConditions(static item => item.State.ShouldBe(InvoiceState.Overdue), static item => item.Reminders.ShouldBe(1));

        await world.PayAsync("acme", 119m, paid, at: due);
        await world.Store.WriteAsync(session => Disputes.OpenAsync(session, disputed, line: 1, "wrong price", Reach.All, "acme", due));
        await world.Store.WriteAsync(session => Disputes.OpenAsync(session, whole, line: null, "never bought", Reach.All, "acme", due));
        (await world.StateAsync(disputed, due)).ShouldSatisfyAllConditions(static item => item.State.ShouldBe(InvoiceState.Disputed), static item => item.Disputed.ToAmountText().ShouldBe("95.20"));
        (await RunAsync(due.AddDays(40))).ShouldBe(1, "the second step was passed over; only what is not disputed is reminded of");
        (await RunAsync(due.AddDays(80))).ShouldBe(0);

        var notices = await NoticesAsync(world.Store);
        notices.Count(static item => item.Topic == DunningRun.Topic).ShouldBe(4);
        notices.Last(static item => item.Topic == DunningRun.Topic).ShouldSatisfyAllConditions(
            item => item.Subject.ShouldBe($"Reminder 3: invoice {disputed}, 23.80 EUR since 2026-03-04"), static item => item.Body.ShouldStartWith("Last reminder.\n"), static item => item.Organisation.ShouldBe("acme"));

        Task<string> Issue() => world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "80.00", "S", "19"), TaxTests.Line(2, "20.00", "S", "19"));
        Task<int> RunAsync(DateTimeOffset now) => world.Store.WriteAsync(session => DunningRun.PostDueAsync(session, now));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_dispute_is_decided_once_by_a_credit_note_or_none(StoreKind kind)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        var number = await world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "80.00", "S", "19"), TaxTests.Line(2, "20.00", "S", "19"));
        var opened = (await OpenAsync(2)).Value;

        (await OpenAsync(2)).Problem!.Code.ShouldBe(ProblemCode.Conflict);
        (await OpenAsync(null)).Problem!.Code.ShouldBe(ProblemCode.Conflict, "a part of it is disputed already");
        (await OpenAsync(7)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await ResolveAsync(2, 20.01m)).Problem!.Code.ShouldBe(ProblemCode.AmountExceedsRest);
        var accepted = (await ResolveAsync(2, 15m)).Value;
        (await ResolveAsync(2, 1m)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        await OpenAsync(null);
        var rejected = (await ResolveAsync(null, null)).Value;

        opened.Amount.ToAmountText().ShouldBe("23.80");
        (accepted.State, accepted.CreditNote, rejected.State, rejected.CreditNote).ShouldBe((DisputeState.Accepted, "NORTHWIND-CN-000001", DisputeState.Rejected, null));
        (await world.StateAsync(number)).ShouldSatisfyAllConditions(static item => item.Open.ToAmountText().ShouldBe("101.15"), static item => item.State.ShouldBe(InvoiceState.PartlyPaid));
        (await world.FindAsync("NORTHWIND-CN-000001"))!.Document.Reason.ShouldBe("as you say");
        (await world.Store.ReadAsync(session => Disputes.ListAsync(session, number, 0, 10, Reach.All))).Count.ShouldBe(2);

        Task<Outcome<Dispute>> OpenAsync(int? line) => world.Store.WriteAsync(session => Disputes.OpenAsync(session, number, line, "wrong", Reach.All, "acme", PaperWorld.Day));
        Task<Outcome<Dispute>> ResolveAsync(int? line, decimal? amount) => world.Store.WriteAsync(session => Disputes.ResolveAsync(session, number, line, amount, "as you say", "tester", PaperWorld.Day));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_final_document_is_sent_once_and_again_when_asked(StoreKind kind)
    {
        await using var world = await PaperWorld.OpenAsync(stores, kind);
        var acme = (await world.Store.ReadAsync(PartyRegister.ReadAsync)).Organisations["acme"];
        (await world.Store.WriteAsync(session => InvoiceSending.DeclareTargetsAsync(session, [acme], "tester", PaperWorld.Day))).ShouldHaveSingleItem().Kind.ShouldBe(ChangeKind.Created);
        var number = await world.IssueAsync("acme", PaperWorld.Day, "EUR", TaxTests.Line(1, "100.00", "S", "19"));
        await world.Store.WriteAsync(session => session.ExecuteAsync("insert into invoice select 'BROKEN', kind, seller, 99, organisation, channel, contract, currency, month, period_start, period_end, ingest_sequence, issued_at, due_at, net_micro, net_pico, tax_micro, tax_pico, payable_micro, payable_pico, corrects, '{}', hash, rated_to from invoice"));
        await world.CreditAsync(number, amount: 10m);

        (await SendAsync()).ShouldBe(2, "what cannot be read keeps nothing else from being sent");
        (await SendAsync()).ShouldBe(0);
        (await world.Store.WriteAsync(session => InvoiceSending.SendAgainAsync(session, number, Reach.All, "tester", PaperWorld.Day))).Value.ShouldBe(2);
        (await world.Store.WriteAsync(session => InvoiceSending.SendAgainAsync(session, "NONE", Reach.All, "tester", PaperWorld.Day))).Problem!.Code.ShouldBe(ProblemCode.NotFound);

        var notices = await NoticesAsync(world.Store);
        notices.Select(static item => (item.Topic, item.Subject)).ShouldBe([
            ("invoice.issued", $"Invoice {number}: 119.00 EUR, due 2026-03-04"), ("credit_note.issued", $"Credit note NORTHWIND-CN-000001 for invoice {number}: 11.90 EUR"), ("invoice.issued", $"Invoice {number}: 119.00 EUR, due 2026-03-04"),
        ], ignoreOrder: true);
        notices[0].Body.ShouldContain("format=pdf");
        (await world.Store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from notice_delivery where target = 'acme.invoices'"))).ShouldBe(3);

        await world.Store.WriteAsync(session => InvoiceSending.DeclareTargetsAsync(session, [acme with { InvoiceEmail = null }], "tester", PaperWorld.Day));
        (await TargetAsync()).DisabledBecause.ShouldNotBeNull();
        await world.Store.WriteAsync(session => InvoiceSending.DeclareTargetsAsync(session, [acme], "tester", PaperWorld.Day));
        (await TargetAsync()).DisabledBecause.ShouldBeNull();
        await world.Store.WriteAsync(session => NoticeTargets.DisableAsync(session, "acme.invoices", "bounces", "tester", PaperWorld.Day));
        await world.Store.WriteAsync(session => InvoiceSending.DeclareTargetsAsync(session, [acme], "tester", PaperWorld.Day));
        (await TargetAsync()).DisabledBecause.ShouldBe("bounces", "what a person stopped stays stopped");

        Task<int> SendAsync() => world.Store.WriteAsync(session => InvoiceSending.PostDueAsync(session, PaperWorld.Day));
        async Task<StoredNoticeTarget> TargetAsync() => (await world.Store.ReadAsync(session => NoticeTargets.FindAsync(session, "acme.invoices"))).Value;
    }

    private static Task<IReadOnlyList<NoticeRow>> NoticesAsync(Store store) => store.ReadAsync(session => session.QueryAsync<NoticeRow>(
        "select topic as Topic, organisation as Organisation, subject as Subject, body as Body from notice order by id"));

    private sealed record NoticeRow(string Topic, string Organisation, string Subject, string Body);
}
