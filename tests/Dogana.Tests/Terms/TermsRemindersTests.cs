using Dogana.Storage;
using Dogana.Terms;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Terms;

public sealed class TermsRemindersTests(StoreFixture stores)
{
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whoever_has_a_project_where_new_terms_hold_is_told_when_they_are_published_and_only_then(StoreKind kind)
    {
        await using var store = await (await stores.OpenAsync(kind)).WithRulesAsync();
        string[] told = ["terms/northwind-use/2026-08/published/acme-retail", "terms/northwind-use/2026-08/published/lumen-media"];

        (await store.NoticesAsync("terms.published")).ShouldBe(told, "the other versions need no acceptance");
        await store.ApplyAsync(RuleWorld.Text);
        await store.ApplyAsync(RuleWorld.Text.Replace("log: false", "log: true", StringComparison.Ordinal)); // refused
        (await store.NoticesAsync("terms.published")).ShouldBe(told);
        var body = await store.ReadAsync(session => session.ScalarAsync<string>("select body from notice where organisation = 'acme-retail'"));
        foreach (var part in new[] { "2026-08-01 00:00:00Z", "before 2026-09-01 00:00:00Z", "e3b0c442", "dogana terms accept northwind-use --organisation acme-retail" })
        {
            body!.ShouldContain(part);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Who_has_not_accepted_is_reminded_once_14_7_and_1_days_before(StoreKind kind)
    {
        await using var store = await (await stores.OpenAsync(kind)).WithRulesAsync();

        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-14) - Microsecond)).ShouldBe(0);
        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-14))).ShouldBe(2);
        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-14))).ShouldBe(0);
        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-7) - Microsecond)).ShouldBe(0);
        await store.AcceptAsync("lumen-media", RuleWorld.AcceptBy.AddDays(-8));
        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-6))).ShouldBe(1, "late is better than never");
        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-1))).ShouldBe(1);
        (await PostAsync(store, RuleWorld.AcceptBy - Microsecond)).ShouldBe(0);
        (await PostAsync(store, RuleWorld.AcceptBy)).ShouldBe(0);

        (await store.NoticesAsync("terms.reminder")).ShouldBe(
        [
            "terms/northwind-use/2026-08/reminder/14/acme-retail", "terms/northwind-use/2026-08/reminder/14/lumen-media",
            "terms/northwind-use/2026-08/reminder/7/acme-retail", "terms/northwind-use/2026-08/reminder/1/acme-retail",
        ]);
    }

    [Fact]
    public async Task After_a_long_stop_the_last_reminder_is_enough()
    {
        await using var store = await (await stores.OpenAsync(StoreKind.Sqlite)).WithRulesAsync();

        (await PostAsync(store, RuleWorld.AcceptBy.AddHours(-1))).ShouldBe(2);

        (await store.NoticesAsync("terms.reminder")).ShouldAllBe(key => key.Contains("/reminder/1/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_reminder_is_older_than_the_version()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await store.ApplyAsync(OpeningDay.Text);
        (await store.ApplyAsync(
            """
            dogana: 1
            terms:
              - id: late
                name: Late terms
                owner: northwind
                versions:
                  - { version: "1", effective_from: 2026-08-22, accept_by: 2026-09-01, text_url: "https://a.example", serve: true, log: true, evaluate: true, train: true, competing_models: allowed }
            """,
            now: RuleWorld.AcceptBy.AddDays(-10))).TryGet(out _).ShouldBeTrue();

        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-9))).ShouldBe(0, "14 days before, nobody could know");
        (await PostAsync(store, RuleWorld.AcceptBy.AddDays(-7))).ShouldBe(2);
    }

    private static Task<int> PostAsync(Store store, DateTimeOffset now) => store.WriteAsync(session => TermsReminders.PostDueAsync(session, now));
}
