using Dogana.Admission;
using Dogana.Storage;
using Dogana.Tests.Apply;
using Dogana.Tests.Storage;
using Dogana.Tests.Terms;

namespace Dogana.Tests.Admission;

public sealed class ReleaseNoticesTests(StoreFixture stores)
{
    // acme-retail buys direct in France, lumen-media through the cloud in Singapore.
    private static readonly DateTimeOffset Retires = new(2027, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);

    private static readonly string Going = OpeningDay.With("    max_output_tokens: 256\n", """
            max_output_tokens: 256
            deprecated_at: 2026-12-01
            retires_at: 2027-06-01
            replacement: next
          - { id: next, owner: northwind, kind: chat, context_tokens: 2048, max_output_tokens: 512 }

        """);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whom_a_model_is_sold_to_is_told_at_each_stage_once(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        (await store.ApplyAsync(Going)).TryGet(out _).ShouldBeTrue();

        (await PostAsync(store, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero) - Microsecond)).ShouldBe(0);
        (await PostAsync(store, new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero))).ShouldBe(2);
        (await PostAsync(store, Retires.AddDays(-91))).ShouldBe(0, "told already");
        foreach (var days in new[] { 90, 30, 7 })
        {
            (await PostAsync(store, Retires.AddDays(-days) - Microsecond)).ShouldBe(0);
            (await PostAsync(store, Retires.AddDays(-days))).ShouldBe(2);
            (await PostAsync(store, Retires.AddDays(-days))).ShouldBe(0);
        }

        (await PostAsync(store, Retires)).ShouldBe(0);
        (await store.NoticesAsync("model.deprecated")).ShouldBe(
            ["model/clerk-1/deprecated/2026-12-01T00:00:00Z/acme-retail", "model/clerk-1/deprecated/2026-12-01T00:00:00Z/lumen-media"]);
        (await store.NoticesAsync("model.retiring")).ShouldBe(
        [
            "model/clerk-1/retires/90/2027-06-01T00:00:00Z/acme-retail", "model/clerk-1/retires/90/2027-06-01T00:00:00Z/lumen-media",
            "model/clerk-1/retires/30/2027-06-01T00:00:00Z/acme-retail", "model/clerk-1/retires/30/2027-06-01T00:00:00Z/lumen-media",
            "model/clerk-1/retires/7/2027-06-01T00:00:00Z/acme-retail", "model/clerk-1/retires/7/2027-06-01T00:00:00Z/lumen-media",
        ]);
        var body = await store.ReadAsync(session => session.ScalarAsync<string>("select body from notice where topic = 'model.retiring' limit 1"));
        body!.ShouldContain("2027-06-01 00:00:00Z");
        body!.ShouldContain("Use 'next' in its place.");
    }

    [Fact]
    public async Task After_a_long_stop_the_last_stage_is_enough_and_another_date_is_told_anew()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        (await store.ApplyAsync(Going)).TryGet(out _).ShouldBeTrue();

        (await PostAsync(store, Retires.AddDays(-3))).ShouldBe(2);
        (await store.NoticesAsync("model.deprecated")).ShouldBeEmpty();
        (await store.ApplyAsync(Going.Replace("retires_at: 2027-06-01", "retires_at: 2027-08-01", StringComparison.Ordinal))).TryGet(out _).ShouldBeTrue();
        (await PostAsync(store, Retires.AddDays(-3))).ShouldBe(2, "90 days before the new date");
    }

    [Fact]
    public async Task Nobody_is_told_of_a_model_that_is_not_open_to_them()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        (await store.ApplyAsync(Going + """

            release_waves:
              - { id: early, model: clerk-1, from: 2026-01-01, channels: [cloud] }
              - { id: secret, model: next, from: 2026-01-01, channels: [direct] }
            """)).TryGet(out _).ShouldBeTrue();

        (await PostAsync(store, Retires.AddDays(-3))).ShouldBe(1);

        var told = (await store.ReadAsync(session => session.QueryAsync<string>("select organisation || ' ' || body || data from notice"))).ShouldHaveSingleItem();
        told.ShouldStartWith("lumen-media ");
        told.ShouldNotContain("next", Case.Sensitive, "nor is the replacement open to it");
    }

    private static Task<int> PostAsync(Store store, DateTimeOffset now) => store.WriteAsync(session => ReleaseNotices.PostDueAsync(session, now));
}
