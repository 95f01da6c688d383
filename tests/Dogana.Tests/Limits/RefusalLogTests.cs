using Dogana.Limits;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Limits;

/// <summary>What limits refused is counted at once and kept for a while, in bounded room.</summary>
public sealed class RefusalLogTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Limit Tokens = new("quota/q/unallotted/tokens/minute", LimitUnit.Tokens, Limit.Parts(100), LimitPeriod.Minute, ProblemCode.RateLimited, "'m'");
    private static readonly Limit Budget = new("budget/b", LimitUnit.Money, Limit.Parts(new Money(1.5m, Currency.Of("EUR"))), LimitPeriod.Once, ProblemCode.RateLimited, "b") { Currency = Currency.Of("EUR") };

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_was_refused_is_read_as_it_was_newest_first(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var log = new RefusalLog();
        log.Add(Refusal("c1", Tokens, left: Limit.Parts(7) + 1));
        log.Add(Refusal("c2", Budget, left: null, end: null));
        log.Add(Refusal("c2", Tokens, left: -1, isObserved: true));

        await log.KeepAsync(store, Now);
        await log.KeepAsync(store, Now);

        var all = await ListAsync(store);
        all.Select(static item => (item.Call.Id, item.Limit, item.IsObserved)).ShouldBe([("c2", Tokens.Id, true), ("c2", Budget.Id, false), ("c1", Tokens.Id, false)]);
        all[2].ShouldBe(new KeptRefusal(
            $"c1#{Tokens.Id}", new LimitedCall("c1", "p", "d"), Now, Tokens.Id, LimitUnit.Tokens, null, Limit.Parts(100), Limit.Parts(40), Limit.Parts(7) + 1, Now.AddSeconds(9), ProblemCode.RateLimited, false));
        (all[1].Currency, all[1].Amount, all[1].Left, all[1].WindowEnd).ShouldBe(("EUR", Budget.Amount, null, null));
        all[0].Left.ShouldBe(-1);
        (await ListAsync(store, call: "c2")).Count.ShouldBe(2);
        (await ListAsync(store, limit: Tokens.Id, count: 1)).ShouldHaveSingleItem().Call.Id.ShouldBe("c2");
        (await ListAsync(store, limit: Tokens.Id, after: all[0].Id)).ShouldHaveSingleItem().Call.Id.ShouldBe("c1");
        (await ListAsync(store, project: "nobody")).ShouldBeEmpty();
        (await store.ReadAsync(RefusalLog.CountAsync)).ShouldBe([(Budget.Id, false, 1), (Tokens.Id, false, 1), (Tokens.Id, true, 1)]);
        log.Counts().ShouldBe([("quota", false, 1), ("budget", false, 1), ("quota", true, 1)], ignoreOrder: true);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_is_too_old_or_too_much_is_cleared_away(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var log = new RefusalLog();
        for (var batch = 0; batch < 11; batch++)
        {
            for (var i = 0; i < RefusalLog.WaitingMax; i++)
            {
                log.Add(Refusal($"{batch:00}-{i:000}", Tokens, left: 0));
            }

            await log.KeepAsync(store, Now);
        }

        (await CountAsync()).ShouldBe(RefusalLog.KeptMax);
        (await ListAsync(store, call: "00-999")).ShouldBeEmpty();
        (await ListAsync(store, call: "01-000")).Count.ShouldBe(1);

        await RefusalLog.ClearAsync(store, Now + RefusalLog.KeptFor);
        (await CountAsync()).ShouldBe(RefusalLog.KeptMax);
        await RefusalLog.ClearAsync(store, Now + RefusalLog.KeptFor + TimeSpan.FromMicroseconds(1));
        (await CountAsync()).ShouldBe(0);

        async Task<long> CountAsync() => (await store.ReadAsync(RefusalLog.CountAsync)).Sum(static item => item.Count);
    }

    [Fact]
    public async Task What_cannot_be_kept_waits_in_bounded_room_and_what_is_dropped_is_counted()
    {
        var log = new RefusalLog();
        var gone = await stores.OpenAsync(StoreKind.Sqlite);
        await gone.DisposeAsync();
        for (var i = 0; i < RefusalLog.WaitingMax; i++)
        {
            log.Add(Refusal($"{i:0000}", Tokens, left: 0));
        }

        await Should.ThrowAsync<Exception>(() => log.KeepAsync(gone, Now));
        log.Dropped.ShouldBe(0);
        log.Add(Refusal("1000", Tokens, left: 0));
        log.Add(Refusal("1001", Tokens, left: 0));

        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        await log.KeepAsync(store, Now);
        log.Dropped.ShouldBe(2);
        var kept = await ListAsync(store, count: 2_000);
        (kept.Count, kept[0].Call.Id, kept[^1].Call.Id).ShouldBe((RefusalLog.WaitingMax, "1001", "0002"));
        log.Counts().ShouldBe([("quota", false, RefusalLog.WaitingMax + 2)], "dropped ones count too");
    }

    private static LimitRefusal Refusal(string call, Limit limit, Int128? left, bool isObserved = false) => Refusal(call, limit, left, Now.AddSeconds(9), isObserved);

    private static LimitRefusal Refusal(string call, Limit limit, Int128? left, DateTimeOffset? end, bool isObserved = false) =>
        new(new LimitedCall(call, "p", "d"), limit, Now, Limit.Parts(40), left, end, ProblemCode.RateLimited, isObserved);

    private static Task<IReadOnlyList<KeptRefusal>> ListAsync(Store store, string? call = null, string? project = null, string? limit = null, string? after = null, int count = 100) =>
        store.ReadAsync(session => RefusalLog.ListAsync(session, call, project, limit, after, count));
}
