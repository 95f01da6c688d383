using Dogana.Metering;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Metering;

public sealed class IdempotencyClaimsTests(StoreFixture stores)
{
    private static readonly TokenUsage Some = new(1, 0, 1);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Of_many_repeats_at_once_one_takes_the_key(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var journal = await UsageJournal.OpenAsync(stores.NewFolder(), "n1", TimeProvider.System);
        await using var other = await UsageJournal.OpenAsync(stores.NewFolder(), "n2", TimeProvider.System);
        IdempotencyClaims[] nodes = [new(store, journal, TimeProvider.System), new(store, other, TimeProvider.System)];

        var taken = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => nodes[i % 2].TakeAsync(Claim($"call-{i}"))));

        taken.Count(earlier => earlier is null).ShouldBe(1);
        var winner = taken.First(earlier => earlier is not null)!;
        taken.Where(earlier => earlier is not null).ShouldAllBe(earlier => earlier!.Id == winner.Id && earlier.IsRunning && earlier.IsSameRequest && earlier.Answer == null);
        (await nodes[0].TakeAsync(Claim("else", project: "q"))).ShouldBeNull("another project's key is another key");
        (await nodes[0].TakeAsync(Claim("changed", body: "other")))!.IsSameRequest.ShouldBeFalse();
        (await nodes[0].TakeAsync(Claim("moved", path: "/v1/embeddings")))!.IsSameRequest.ShouldBeFalse();
        (await store.ReadAsync(session => session.QueryAsync<string>("select key_hash from idempotent_call"))).ShouldAllBe(hash => !hash.Contains("key-1"));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_completed_call_keeps_its_key_and_answer_and_a_released_one_gives_it_back(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var journal = await UsageJournal.OpenAsync(stores.NewFolder(), "n1", TimeProvider.System);
        var claims = new IdempotencyClaims(store, journal, TimeProvider.System);
        await claims.TakeAsync(Claim("first"));
        await claims.ReleaseAsync(Claim("first"));

        (await claims.TakeAsync(Claim("second"))).ShouldBeNull();
        await claims.CompleteAsync(Claim("first"), null); // too late: it is not its key any more
        (await claims.TakeAsync(Claim("third")))!.IsRunning.ShouldBeTrue();
        await claims.CompleteAsync(Claim("second"), new KeptAnswer(200, "application/json", [1, 2, 3]));

        var earlier = (await claims.TakeAsync(Claim("third")))!;
        (earlier.Id, earlier.IsRunning, earlier.Answer!.Status, earlier.Answer.ContentType, Convert.ToHexString(earlier.Answer.Encrypted)).ShouldBe(("second", false, 200, "application/json", "010203"));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task After_a_crash_only_what_may_be_charged_keeps_its_key(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var elsewhere = await UsageJournal.OpenAsync(stores.NewFolder(), "n2", TimeProvider.System);
        var folder = stores.NewFolder();

        // 1. A process that dies at every place there is.
        var died = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);
        var claims = new IdempotencyClaims(store, died, TimeProvider.System);
        foreach (var call in new[] { "taken", "opened", "charged", "left", "left-at-once", "failed" })
        {
            await claims.TakeAsync(Claim(call, key: call));
            if (call != "taken")
            {
                died.Open(Call(call));
            }
        }

        await died.CloseAsync(Call("charged").Close("n1", Now, CallEnding.Completed, Some));
        await died.CloseAsync(Call("left").Close("n1", Now, CallEnding.ClientClosed, Some));
        await died.CloseAsync(Call("left-at-once").Close("n1", Now, CallEnding.ClientClosed, default));
        await died.CloseAsync(Call("failed").Close("n1", Now, CallEnding.UpstreamFailed, default));
        await new IdempotencyClaims(store, elsewhere, TimeProvider.System).TakeAsync(Claim("of-another-node", key: "of-another-node"));
        File.Copy(Path.Combine(folder, "00000001.log"), Path.Combine(folder = stores.NewFolder(), "00000001.log")); // as the disk stands when the process is gone
        await died.DisposeAsync();

        // 2. The next one.
        await using var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System);
        var next = new IdempotencyClaims(store, journal, TimeProvider.System);
        await next.TakeAsync(Claim("held", key: "held"));
        await next.SettleAsync(cancellation => UsageIntake.ShipAsync(store, journal, posting: null, cancellation));

        (await store.ReadAsync(session => session.QueryAsync<(string, long)>("select call, is_running from idempotent_call order by call"))).ToArray()
            .ShouldBe([("charged", 0L), ("held", 1L), ("left", 0L), ("of-another-node", 1L)]);
        next.LetGo(Claim("held"));
        await next.SettleAsync(cancellation => UsageIntake.ShipAsync(store, journal, posting: null, cancellation));
        (await next.TakeAsync(Claim("again", key: "held"))).ShouldBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task After_a_day_a_key_is_free_and_its_row_is_swept(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await using var journal = await UsageJournal.OpenAsync(stores.NewFolder(), "n1", TimeProvider.System);
        var time = new Clock();
        var claims = new IdempotencyClaims(store, journal, time);
        for (var i = 0; i < 1_200; i++)
        {
            await claims.TakeAsync(Claim($"old-{i}", key: $"old-{i}"));
        }

        time.Now += TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1);
        (await claims.TakeAsync(Claim("new", key: "old-7")))!.Id.ShouldBe("old-7");
        await claims.SweepAsync();
        (await CountAsync(store)).ShouldBe(1_200);

        time.Now += TimeSpan.FromSeconds(1);
        (await claims.TakeAsync(Claim("new", key: "old-7"))).ShouldBeNull();
        await claims.SweepAsync();
        (await CountAsync(store)).ShouldBe(1);
    }

    private static DateTimeOffset Now { get; } = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static Task<long> CountAsync(Store store) => store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from idempotent_call"));

    private static IdempotencyClaim Claim(string call, string key = "key-1", string project = "p", string path = "/v1/chat/completions", string body = "body") =>
        IdempotencyClaim.Of(project, key, path, System.Text.Encoding.UTF8.GetBytes(body), call);

    private static OpenedCall Call(string id) => new(id, "p", "acme", "direct", "k", "clerk", "clerk-1", Now, new Money(0.000001m, Currency.Of("EUR")));

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = IdempotencyClaimsTests.Now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
