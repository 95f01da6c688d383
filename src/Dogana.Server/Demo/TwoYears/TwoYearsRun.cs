using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dogana.Apply;
using Dogana.Billing;
using Dogana.Metering;
using Dogana.Settlement;
using Dogana.Storage;

namespace Dogana.Server.Demo.TwoYears;

/// <summary>
/// Sells, bills and settles a plan on a store, month by month, by what a real store is written with: intake, accruals, close, settlement, payments. Broken off anywhere it goes on where it was: all that
/// can be done twice has no effect the second time, and the rest is committed with the mark of the month.
/// </summary>
internal sealed class TwoYearsRun
{
    private const string Setting = "demo_two_years";

    // Who may decide on a measure without a second one who signs in.
    private const string Actor = Audit.Actor.Operator;

    // Usage is taken back that often in a month.
    private const int VoidsAMonth = 3;

    private readonly Store _store;
    private readonly DemoClock _clock;
    private readonly Plan _plan;
    private readonly Action<string> _progress;
    private readonly Population _population;
    private readonly DailyUsage _usage;
    private readonly MonthPapers _papers;

    private TwoYearsRun(Store store, DemoClock clock, Plan plan, Action<string> progress)
    {
        (_store, _clock, _plan, _progress) = (store, clock, plan, progress);
        _population = new Population(plan);
        _usage = new DailyUsage(plan, _population);
        _papers = new MonthPapers(plan, _population, Actor);
    }

    /// <summary>Makes an empty store one of this plan, or finds that it is one already.</summary>
    /// <exception cref="InvalidOperationException">The store holds something else.</exception>
    public static async Task<TwoYearsRun> BeginAsync(Store store, Plan plan, Action<string> progress, CancellationToken cancellation)
    {
        var mark = await store.ReadAsync(static session => StoreSettings.FindAsync(session, Setting), cancellation);
        if (mark is null)
        {
            await DemoClock.MarkAsync(store, plan.Start);
            await store.WriteAsync(session => MarkAsync(session, plan, 0), cancellation);
        }
        else if (!mark.StartsWith(Name(plan), StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{store.Description} was begun with other options ({mark}: seed, customers, months, and the months that are done). Give the same ones to go on, or choose a new folder with --data.");
        }

        return new TwoYearsRun(store, (await DemoClock.FindAsync(store, cancellation))!, plan, progress);
    }

    /// <summary>Does what is left to do, and says what the store holds then.</summary>
    public async Task<TwoYearsReport> RunAsync(CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var done = await ReadDoneAsync(cancellation);
        if (done > 0)
        {
            _progress(string.Create(CultureInfo.InvariantCulture, $"{done} of {_plan.Months.Count} months are there already"));
        }

        await ApplyAsync(WorldText.Of(_plan, _population), "two-years.yaml", _plan.Start, cancellation);
        for (var index = done; index < _plan.Months.Count; index++)
        {
            await SellAsync(index, cancellation);
            _progress(string.Create(CultureInfo.InvariantCulture, $"{_plan.Months[index]} is closed and settled ({index + 1} of {_plan.Months.Count}, {watch.Elapsed.TotalSeconds:0} s)"));
            await FollowAsync(index, cancellation);
        }

        _progress("verifying the books");
        var report = await TwoYearsReport.ReadAsync(_store, _plan, cancellation);
        return report with { Seconds = (long)watch.Elapsed.TotalSeconds };
    }

    // All of this may be done again.
    private async Task SellAsync(int index, CancellationToken cancellation)
    {
        var month = _plan.Months[index];

        // 1. What is decided in this month.
        await HappenAsync(_plan.ChannelMove, WorldText.Move(_plan), index, cancellation);
        await HappenAsync(_plan.Suspension, WorldText.Suspension(_plan), index, cancellation);

        // 2. What was used, with what comes late of the month before.
        var late = index == 0 ? [] : _usage.Of(_plan.Months[index - 1]).Where(static item => item.IsLate);
        foreach (var batch in late.Concat(_usage.Of(month).Where(static item => !item.IsLate)).Select(static item => item.Record).Chunk(UsageIntake.BatchMax))
        {
            await _store.WriteAsync(session => UsageIntake.AcceptAsync(session, batch), cancellation);
        }

        await Accruals.RunAsync(_store, month.End("Etc/UTC"), cancellation);

        // 3. The books: invoices, then what the companies owe each other.
        var now = CloseOf(month);
        _ = (await PeriodClose.CloseAsync(_store, month, now, Actor, cancellation: cancellation)).Value;
        await _store.WriteAsync(session => _papers.SettleAsync(session, index, now), cancellation);
        _ = (await Settlements.CloseAsync(_store, month, now, Actor, cancellation)).Value;
    }

    // What follows on the documents would happen twice: the mark is committed with it.
    private async Task FollowAsync(int index, CancellationToken cancellation)
    {
        var now = CloseOf(_plan.Months[index]);
        if (index < _plan.Months.Count - 1)
        {
            await TakeBackAsync(_plan.Months[index], now, cancellation);
        }

        await _store.WriteAsync(
            async session =>
            {
                await _papers.WriteAsync(session, index, now);
                return await MarkAsync(session, _plan, index + 1);
            },
            cancellation);
        if (now > _clock.GetUtcNow())
        {
            await _clock.StepToAsync(now);
        }
    }

    // Over everywhere.
    private static DateTimeOffset CloseOf(BillingMonth month) => month.End("Etc/UTC").AddDays(2).AddHours(12);

    private async Task HappenAsync(DateTimeOffset at, string world, int index, CancellationToken cancellation)
    {
        if (_plan.IndexOf(at.AddDays(-1)) == index)
        {
            await ApplyAsync(world, "demo", at.AddDays(-1), cancellation);
        }
    }

    private async Task ApplyAsync(string world, string name, DateTimeOffset now, CancellationToken cancellation)
    {
        var read = WorldFile.Parse(world, name);
        _ = read.TryGet(out var parsed) ? (await WorldApply.ApplyAsync(_store, parsed, now, Actor, dryRun: false, cancellation)).Value : throw new InvalidOperationException(string.Join('\n', read.Faults));
    }

    // Some of it was counted in error, and that is known only when it was invoiced.
    private async Task TakeBackAsync(BillingMonth month, DateTimeOffset now, CancellationToken cancellation)
    {
        var random = Seeded.Of(_plan.Seed, $"voids/{month}");
        UsageRecord[] records = [.. _usage.Of(month).Where(static item => !item.IsLate).Select(static item => item.Record)];
        var taken = Enumerable.Range(0, VoidsAMonth).Select(_ => random.Of(records).Id).Distinct(StringComparer.Ordinal)
            .Select(id => new { specversion = "1.0", id = $"void/{id}", source = DailyUsage.Source, type = Catalog.Meters.VoidEventType, data = new { source = DailyUsage.Source, id } });
        using var events = JsonSerializer.SerializeToDocument(taken);
        var outcomes = await new EventIntake(_store, new StoppedClock(now)).AcceptAsync(EventIntake.Read(events.RootElement).Value, Actor, cancellation);
        if (outcomes.FirstOrDefault(static outcome => outcome.Problem is not null) is { } refused)
        {
            throw new InvalidOperationException(refused.Problem!.Message);
        }
    }

    private Task<int> ReadDoneAsync(CancellationToken cancellation) => _store.ReadAsync(
        static async session => int.Parse((await StoreSettings.FindAsync(session, Setting))!.Split('/')[^1], CultureInfo.InvariantCulture), cancellation);

    private static async Task<int> MarkAsync(StoreSession session, Plan plan, int done)
    {
        await StoreSettings.SetAsync(session, Setting, string.Create(CultureInfo.InvariantCulture, $"{Name(plan)}{done}"));
        return done;
    }

    private static string Name(Plan plan) => string.Create(CultureInfo.InvariantCulture, $"{plan.Seed}/{plan.CustomerCount}/{plan.MonthCount}/");

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
