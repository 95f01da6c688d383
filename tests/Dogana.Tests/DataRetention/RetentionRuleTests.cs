using Dogana.Audit;
using Dogana.Client;
using Dogana.Erasures;
using Dogana.Metering;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.DataRetention;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.DataRetention;

public sealed class RetentionRuleTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_older_than_its_rule_is_erased_in_bounded_batches_and_the_audit_log_is_told(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await AnswersAsync(store, RetentionRules.BatchRows + 50, Now.AddHours(-30), "old");
        await AnswersAsync(store, 20, Now.AddHours(-10), "young");
        var answers = new KeptAnswers(store);

        (await RetentionRules.RunAsync(store, [answers], Now)).ShouldBe(RetentionRules.BatchRows + 50);

        (await KeptAsync(store)).ShouldBe(20);
        (await store.ReadAsync(static session => session.ScalarAsync<long>("select count(*) from idempotent_call"))).ShouldBe(RetentionRules.BatchRows + 70, "a repeat is still refused");
        var told = (await store.ReadAsync(static session => AuditLog.ReadAsync(session, 10))).ShouldHaveSingleItem();
        (told.Actor, told.Action, told.Subject).ShouldBe(("retention", "retention.erase", "answers"));
        told.Detail.ShouldStartWith($"{RetentionRules.BatchRows + 50} older than 2026-05-31");

        // Nothing is left to do, and nothing is told of that; a shorter rule reaches further.
        (await RetentionRules.RunAsync(store, [answers], Now)).ShouldBe(0);
        (await store.WriteAsync(session => RetentionRules.SetAsync(session, answers, 0, "ops", Now))).ShouldBeNull();
        (await RetentionRules.RunAsync(store, [answers], Now)).ShouldBe(20);
        (await store.ReadAsync(static session => AuditLog.ReadAsync(session, 10))).Select(static row => row.Action).ShouldBe(["retention.erase", "retention.set", "retention.erase"]);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, -1)]
    [InlineData(StoreKind.Sqlite, 2)]
    [InlineData(StoreKind.Postgres, long.MaxValue)]
    public async Task A_rule_out_of_range_is_refused_with_the_range(StoreKind kind, long days)
    {
        await using var store = await stores.OpenAsync(kind);

        var refused = await store.WriteAsync(session => RetentionRules.SetAsync(session, new KeptAnswers(store), days, "ops", Now));

        refused!.Message.ShouldContain("0 to 1 days");
        (await store.ReadAsync(RetentionRules.ReadAsync)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_erasure_takes_texts_and_addresses_of_one_organisation_and_leaves_money_and_everybody_else(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await PartiesAsync(store);
        await AnswersAsync(store, 3, Now.AddHours(-1), "a", "acme-shop");
        await AnswersAsync(store, 2, Now.AddHours(-1), "b", "lumen-app");
        foreach (var organisation in (string[])["acme", "lumen"])
        {
            await store.WriteAsync(async session =>
            {
                await NoticeOutbox.PostAsync(session, [new Notice("test.topic", organisation, "Dear Ana", "a text", "{}", organisation)], Now);
                return 0;
            });
        }

        IErasable[] erasables = [new KeptAnswers(store), new KeptNotices(store), new PartyErasure()];
        var dry = (await Erasure.RunAsync(store, erasables, new ErasureRequest("acme", DryRun: true), "ops", Now)).Value;
        (await KeptAsync(store)).ShouldBe(5, "a dry run changes nothing");
        (await store.ReadAsync(static session => AuditLog.ReadAsync(session, 10))).ShouldBeEmpty();

        var report = (await Erasure.RunAsync(store, erasables, new ErasureRequest("acme"), "ops", Now)).Value;

        report.Erased.ShouldBe(dry.Erased);
        Count(report, "answers kept for repeats").ShouldBe(3);
        Count(report, "texts of notices").ShouldBe(1);
        Count(report, "address that documents are mailed to").ShouldBe(1);
        report.Stays.ShouldAllBe(static line => line.Because != null);
        report.Stays.ShouldContain(static line => line.What.Contains("ledger", StringComparison.Ordinal));
        (await KeptAsync(store)).ShouldBe(2, "another organisation's");
        (await store.ReadAsync(static session => session.QueryAsync<string>("select subject from notice order by organisation"))).ShouldBe(["", "Dear Ana"]);
        (await store.ReadAsync(PartyRegister.ReadAsync)).Organisations.Values.Select(static organisation => organisation.InvoiceEmail).ShouldBe([null, "books@lumen.example"], ignoreOrder: true);
        (await store.ReadAsync(static session => AuditLog.ReadAsync(session, 1)))[0].Detail.ShouldContain("3 answers kept for repeats");

        // A project alone: its texts, and nobody's addresses.
        (await Erasure.RunAsync(store, erasables, new ErasureRequest(Project: "lumen-app"), "ops", Now)).Value.Erased.Single(static line => line.Count > 0).What.ShouldBe("answers kept for repeats");
        (await KeptAsync(store)).ShouldBe(0);
        (await Erasure.RunAsync(store, erasables, new ErasureRequest("nobody"), "ops", Now)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await Erasure.RunAsync(store, erasables, new ErasureRequest("acme", "acme-shop"), "ops", Now)).Problem!.Code.ShouldBe(ProblemCode.InvalidRequest);
    }

    private static long Count(ErasureReport report, string what) => report.Erased.Single(line => line.What == what).Count;

    private static Task<long> KeptAsync(Store store) => store.ReadAsync(static session => session.ScalarAsync<long>("select count(*) from idempotent_call where answer is not null"));

    private static Task<int> PartiesAsync(Store store) => store.WriteAsync(static async session =>
    {
        await session.ExecuteAsync("insert into organisation(id, name, country, time_zone, invoice_email) values('acme', 'Acme', 'FR', 'Europe/Paris', 'ana@acme.example'), ('lumen', 'Lumen', 'SG', 'Asia/Singapore', 'books@lumen.example')");
        await session.ExecuteAsync("insert into channel(id, name, kind, seller) values('direct', 'Direct', 'Direct', 'acme')");
        return await session.ExecuteAsync("insert into project(id, organisation, channel) values('acme-shop', 'acme', 'direct'), ('lumen-app', 'lumen', 'direct')");
    });

    private static Task<int> AnswersAsync(Store store, int count, DateTimeOffset at, string name, string project = "p") => store.WriteAsync(async session =>
    {
        await session.InsertAsync(
            "idempotent_call", ["project", "key_hash", "request_hash", "call", "node", "created_at", "is_running", "answer"], [.. Enumerable.Range(0, count)],
            number => [project, $"{name}{number}", "r", $"{name}{number}", "n", at.ToMicros(), 0L, "text"]);
        return 0;
    });
}
