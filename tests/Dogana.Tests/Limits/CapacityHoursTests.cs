using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Ledger;
using Dogana.Limits;
using Dogana.Limits.Capacity;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Settlement;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Limits;

/// <summary>What is held of provisioned units is charged by the minute, each hour once, whoever writes it and whenever.</summary>
public sealed class CapacityHoursTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Start = CapacityWorld.Start;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_week_of_hours_is_exact_across_a_change_of_the_clocks_and_of_units_by_two_nodes_that_come_and_go(StoreKind kind)
    {
        // Paris puts its clocks back on 25 October. Units change within an hour, and end within one.
        var (grown, ended, last) = (Start.AddDays(2).AddMinutes(13.5), Start.AddDays(5).AddSeconds(17), Start.AddDays(7));
        await using var store = await CapacityWorld.OpenAsync(stores, kind);
        var changes = new Queue<(DateTimeOffset At, string Yaml)>([
            (Start, CapacityWorld.Ptu("ptu", 15)),
            (Start.AddHours(30.2), CapacityWorld.Ptu("other", 20, "lab")),
            (grown, CapacityWorld.Ptu("ptu", 40)),
            (ended, "dogana: 1\ndeployments: [{ name: ptu, model: chat, upstream: there }]"),
        ]);
        var random = new Random(1);
        var now = Start.AddMinutes(-30);
        while (now < last)
        {
            // A node that comes up anew knows nothing of what was written; two write at once; now and then nobody does for hours.
            now += TimeSpan.FromMinutes(random.Next(1, 400));
            now = now < last ? now : last;
            while (changes.TryPeek(out var change) && change.At <= now)
            {
                await store.DeclareAsync(change.Yaml, change.At);
                changes.Dequeue();
            }

            await Task.WhenAll(new CapacityHours(store, new SetClock(now)).WriteDueAsync(), new CapacityHours(store, new SetClock(now.AddSeconds(2))).WriteDueAsync());
        }

        now = last.AddHours(1);
        await new CapacityHours(store, new SetClock(now)).WriteDueAsync();
        (await new CapacityHours(store, new SetClock(now)).WriteDueAsync()).ShouldBe(0, "they are there");

        // Brute force: minute by minute, who holds what at its first instant.
        var records = await store.ReadAsync(static session => UsageRecords.ReadAfterAsync(session, 0, 10_000));
        long Expected(string deployment, DateTimeOffset from, DateTimeOffset to)
        {
            var sum = 0L;
            for (var at = new DateTimeOffset(2026, 10, 22, 0, 0, 0, TimeSpan.Zero); at < to; at = at.AddMinutes(1))
            {
                sum += at < from ? 0 : deployment == "other" ? (at >= Start.AddHours(30.2) ? 20 : 0) : at < Start ? 0 : at < grown ? 15 : at < ended ? 40 : 0;
            }

            return sum;
        }

        var end = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        foreach (var deployment in new[] { "ptu", "other" })
        {
            var own = records.Where(record => record.Source == "capacity/" + deployment).ToArray();
            own.Sum(static record => record.UnitMinutes).ShouldBe(Expected(deployment, Start.AddDays(-1), end));
            foreach (var hour in own.GroupBy(static record => record.OpenedAt.UtcTicks / TimeSpan.TicksPerHour))
            {
                var from = new DateTimeOffset(hour.Key * TimeSpan.TicksPerHour, TimeSpan.Zero);
                hour.Sum(static record => record.UnitMinutes).ShouldBe(Expected(deployment, from, from.AddHours(1)), $"{deployment} {from}");
            }
        }

        records.Count(static record => record.Source == "capacity/ptu" && record.Id == "2026-10-23T13Z").ShouldBe(1);
        records.Where(static record => record.Source == "capacity/ptu" && record.OpenedAt.Date == new DateTime(2026, 10, 22) && record.OpenedAt.Hour == 10).ShouldHaveSingleItem().UnitMinutes
            .ShouldBe(15 * 42, "from 10:18 on");
        records.Where(static record => record.Id == "2026-10-24T10:30:55Z").ShouldHaveSingleItem().UnitMinutes.ShouldBe(40 * 29);

        // All of it is rated, at the price of the contract, and posted.
        var report = await Accruals.RunAsync(store, now);
        report.Unrated.ShouldBe(0);
        var minutes = records.Sum(static record => record.UnitMinutes);
        var balances = await store.ReadAsync(static session => LedgerJournal.BalancesAsync(session));
        balances.Single(static balance => balance.Account.Kind == AccountKind.UnbilledReceivable).Amount.Amount.ShouldBe(minutes * 0.01m);
        records.Sum(static record => record.Charge!.Value.Amount).ShouldBe(minutes * 0.01m);
        (await store.ReadAsync(BooksVerification.VerifyAsync)).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Reserved_units_are_charged_whole_at_their_own_price_and_only_what_they_do_not_cover_by_the_hour(StoreKind kind)
    {
        await using var store = await CapacityWorld.OpenAsync(stores, kind);
        await store.DeclareAsync(CapacityWorld.Ptu("ptu", 15), Start);
        await store.DeclareAsync(CapacityWorld.Ptu("other", 20, "lab"), Start);
        var from = new DateTimeOffset(2026, 10, 22, 12, 30, 0, TimeSpan.Zero);
        await store.DeclareAsync(
            "dogana: 1\nreservations: [{ id: r1, organisation: acme, channel: direct, type: global_provisioned, region: global, units: 25, from: 2026-10-22T12:30:00Z, to: 2026-11-22T12:30:00Z }]", Start);

        await new CapacityHours(store, new SetClock(from.AddHours(2))).WriteDueAsync();

        var records = await store.ReadAsync(static session => UsageRecords.ReadAfterAsync(session, 0, 1_000));
        string[] Of(string source) => [.. records.Where(record => record.Source == source).Select(static record => $"{record.Id} {record.UnitMinutes} {record.ReservedUnitMinutes}")];
        Of("reservation/r1").ShouldBe(["2026-10-22T12:30:00Z 0 750", "2026-10-22T13Z 0 1500"]);
        Of("capacity/other").ShouldBe(["2026-10-22T10:17:25Z 840 0", "2026-10-22T11Z 1200 0", "2026-10-22T12Z 600 0"], "the first in order of time and name is covered first");
        Of("capacity/ptu").ShouldBe(["2026-10-22T10:17:25Z 630 0", "2026-10-22T11Z 900 0", "2026-10-22T12Z 750 0", "2026-10-22T13Z 600 0"]);
        (await Accruals.RunAsync(store, from.AddHours(2))).Unrated.ShouldBe(0);
        var lines = await store.ReadAsync(static session => Invoices.ReadRatedLinesAsync(session, null, 0, 1_000));
        lines.Where(static line => line.Meter == "reserved_unit_minutes").Select(static line => (line.Model, line.Quantity, Amount: decimal.Parse(line.Amount, System.Globalization.CultureInfo.InvariantCulture)))
            .ShouldBe([("global_provisioned", 750L, 4.5m), ("global_provisioned", 1_500L, 9m)]);
        (await store.ReadAsync(BooksVerification.VerifyAsync)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Every_minute_of_every_scope_is_charged_once_whatever_is_held_and_reserved()
    {
        string[] organisations = ["acme", "bloom"];
        DeploymentType[] types = [DeploymentType.GlobalProvisioned, DeploymentType.RegionalProvisioned];
        var parties = new PartyTable([], [], [], [.. organisations.Select(static name => new Project(name, name, "direct"))]);
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var hour = new DateTimeOffset(2026, 3, 1, random.Next(24), 0, 0, TimeSpan.Zero);
            DateTimeOffset Any() => hour.AddSeconds(random.Next(-1_800, 5_400));
            DateTimeOffset? AnyEnd(DateTimeOffset from) => random.Next(3) == 0 ? null : from.AddSeconds(random.Next(1, 5_400));
            ProvisionedSpan[] spans = [.. Enumerable.Range(0, random.Next(6)).Select(index =>
            {
                var from = Any();
                return new ProvisionedSpan($"d{index}", organisations[random.Next(2)], "m", types[random.Next(2)], "global", random.Next(1, 50), from, AnyEnd(from));
            })];
            CapacityReservation[] reservations = [.. Enumerable.Range(0, random.Next(4)).Select(index =>
            {
                var from = Any();
                return new CapacityReservation($"r{index}", organisations[random.Next(2)], "direct", types[random.Next(2)], "global", random.Next(1, 60), from, AnyEnd(from) ?? from.AddMonths(1));
            })];

            var records = HourCharges.Of(hour, spans, reservations, parties);

            foreach (var organisation in organisations)
            {
                var (overage, reserved, covered) = (0L, 0L, 0L);
                foreach (var type in types)
                {
                    for (var minute = 0; minute < 60; minute++)
                    {
                        var at = hour.AddMinutes(minute);
                        var held = spans.Where(span => span.Project == organisation && span.Type == type && span.From <= at && (span.To is null || at < span.To)).Sum(static span => span.Units);
                        var paid = reservations.Where(item => item.Organisation == organisation && item.Type == type && item.From <= at && at < item.To).Sum(static item => item.Units);
                        (overage, reserved, covered) = (overage + Math.Max(0, held - paid), reserved + paid, covered + Math.Min(held, paid));
                    }
                }

                var own = records.Where(record => record.Organisation == organisation).ToArray();
                own.Sum(static record => record.UnitMinutes).ShouldBe(overage, $"seed {seed}");
                own.Sum(static record => record.ReservedUnitMinutes).ShouldBe(reserved, $"seed {seed}");
                own.Sum(static record => record.CoveredUnitMinutes ?? 0).ShouldBe(covered, $"seed {seed}");
                own.ShouldAllBe(static record => record.CoveredUnitMinutes <= record.ReservedUnitMinutes || record.CoveredUnitMinutes == null, $"seed {seed}");
            }

            records.Select(static record => (record.Source, record.Id)).ShouldBeUnique();
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Tokens_of_calls_on_provisioned_capacity_are_named_as_unrated_for_good_and_the_books_agree(StoreKind kind)
    {
        await using var store = await CapacityWorld.OpenAsync(stores, kind);
        await store.WriteAsync(static session => UsageIntake.AcceptAsync(session, [Call("a", Start, 100, 20), Call("b", Start, 7, 3) with { Ending = CallEnding.UpstreamFailed }, Call("c", Start, 50, 5) with { IsProvisioned = false }]));

        var report = await Accruals.RunAsync(store, Start);
        var retried = await store.WriteAsync(static session => Accruals.RetryUnratedAsync(session, Start));

        (report.Records, report.Rated, report.Unrated, retried.Records).ShouldBe((3, 2, 4, 0));
        var reasons = await store.ReadAsync(static session => session.QueryAsync<string>("select usage_id || ' ' || meter || ' ' || quantity || ' ' || reason from unrated order by number"));
        reasons.ShouldBe(["a input_tokens 100 provisioned", "a output_tokens 20 provisioned", "b input_tokens 7 not_charged", "b output_tokens 3 not_charged"]);
        (await store.ReadAsync(BooksVerification.VerifyAsync)).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_report_of_a_deployment_is_the_sum_of_its_calls_minute_by_minute(StoreKind kind)
    {
        await using var store = await CapacityWorld.OpenAsync(stores, kind);
        await store.DeclareAsync(CapacityWorld.Ptu("ptu", 15), Start);
        await store.DeclareAsync(CapacityWorld.Ptu("ptu", 40), Start.AddMinutes(20));
        var random = new Random(7);
        UsageRecord[] calls = [.. Enumerable.Range(0, 400).Select(index => Call($"{index}", Start.AddSeconds(random.Next(0, 3_600)), random.Next(0, 5_000), random.Next(0, 2_000)) with
        {
            CachedInputTokens = random.Next(0, 9_000),
            Deployment = random.Next(4) == 0 ? "other" : "ptu",
            IsProvisioned = random.Next(5) != 0,
        })];
        await store.WriteAsync(session => UsageIntake.AcceptAsync(session, calls));
        var (from, to) = (Start.AddMinutes(5), Start.AddMinutes(50));

        var minutes = (await store.ReadAsync(session => UtilisationReport.ReadAsync(session, "ptu", from, to, 1_000)))!;

        var expected = calls.Where(call => call.Deployment == "ptu" && call.IsProvisioned && call.OpenedAt >= from && call.OpenedAt < to)
            .GroupBy(static call => call.OpenedAt.UtcTicks / TimeSpan.TicksPerMinute).OrderBy(static group => group.Key).Select(group =>
            {
                var at = new DateTimeOffset(group.Key * TimeSpan.TicksPerMinute, TimeSpan.Zero);
                decimal weighted = group.Sum(static call => call.InputTokens + 8 * call.OutputTokens);
                var units = at.AddMinutes(1) <= Start.AddMinutes(20) ? 15 : 40;
                return $"{at:HH:mm} {group.Count()} {weighted} {units} {decimal.Round(weighted * 100 / (units * 3_400), 2)}";
            });
        minutes.Select(static minute => $"{minute.At:HH:mm} {minute.Calls} {minute.WeightedTokens:0} {minute.Units} {minute.UtilisationPercent}").ShouldBe(expected);
        minutes.Count.ShouldBeGreaterThan(30);
        (await store.ReadAsync(session => UtilisationReport.ReadAsync(session, "chat", from, to, 1_000))).ShouldBeNull("it is sold by the token");
    }

    private static UsageRecord Call(string id, DateTimeOffset at, long input, long output) => new()
    {
        Source = "node-1",
        Id = id,
        Project = "shop",
        Organisation = "acme",
        Channel = "direct",
        Key = "k",
        Deployment = "ptu",
        Model = "chat",
        OpenedAt = at,
        ClosedAt = at,
        Ending = CallEnding.Completed,
        InputTokens = input,
        CachedInputTokens = 0,
        OutputTokens = output,
        IsProvisioned = true,
    };
}
