using System.Globalization;
using System.Text.Json;
using Dogana.Metering;
using Dogana.Storage;

namespace Dogana.Testing.MoneySimulation;

/// <summary>Nodes and meters that bring what was used into the store: late, in any order, in any batches, again and again; some die before their commit, some do not hear of it.</summary>
internal sealed class Counting
{
    private static readonly string[] Ids = [.. Enumerable.Range(0, 10).Select(static node => string.Create(CultureInfo.InvariantCulture, $"node-{node}"))];

    private readonly Store _store;
    private readonly Random _random;
    private readonly PlantedFault _planted;
    private readonly EventIntake _events;
    private readonly StoppedTime _time = new();
    private readonly List<(DateTimeOffset At, Use Use)>[] _pending;
    private readonly List<(DateTimeOffset At, Use Use)> _voids;
    private readonly List<Use> _sent = [];

    public Counting(Store store, History history, Random random, PlantedFault planted)
    {
        (_store, _random, _planted) = (store, random, planted);
        _events = new EventIntake(store, _time);
        var ahead = Enumerable.Range(0, history.Nodes).Select(_ => TimeSpan.FromMilliseconds(random.Next(-3_000, 3_001))).ToArray();
        _pending = [.. Enumerable.Range(0, history.Nodes).Select(node => history.Uses.Where(use => use.Node == node).Select(use => (use.At - ahead[node] + Delay(), use)).ToList())];
        _voids = [.. history.Uses.Where(static use => use.IsVoided).Select(use => (use.At + Delay() + Delay(), use))];
    }

    /// <summary>What failed on the way.</summary>
    public int Troubles { get; private set; }

    /// <summary>Some nodes bring some of what they have.</summary>
    public async Task SomeAsync(DateTimeOffset now)
    {
        _time.Now = now;
        for (var node = 0; node < _pending.Length; node++)
        {
            if (_random.Next(4) > 0)
            {
                await ShipAsync(node, now, _random.Next(1, 20), isHealed: false);
            }

            if (_random.Next(3) > 0 && _pending[node].TrueForAll(item => item.At > now))
            {
                await _store.WriteAsync(async session =>
                {
                    await ShippedMarks.AdvanceAsync(session, Ids[node], now);
                    return 0;
                });
            }
        }

        if (_random.Next(2) == 0)
        {
            await VoidAsync(now, _random.Next(1, 6));
        }
    }

    /// <summary>Everybody brings everything.</summary>
    public async Task AllAsync(DateTimeOffset now)
    {
        _time.Now = now;
        for (var node = 0; node < _pending.Length; node++)
        {
            await ShipAsync(node, now, int.MaxValue, isHealed: true);
        }

        await VoidAsync(now, int.MaxValue);
    }

    /// <summary>A node is given up: nobody waits for it.</summary>
    public Task ForgetAsync() => _store.WriteAsync(async session =>
    {
        foreach (var node in Ids)
        {
            await ShippedMarks.ForgetAsync(session, node);
        }

        return 0;
    });

    private async Task ShipAsync(int node, DateTimeOffset now, int most, bool isHealed)
    {
        var due = _pending[node].Where(item => item.At <= now).Select(static item => item.Use).ToArray();
        _random.Shuffle(due);
        Use[] batch = [.. due.Take(most)];
        if (batch.Length == 0)
        {
            return;
        }

        var sent = _planted == PlantedFault.LastOfBatchLost ? batch[..^1] : batch;
        Use[] repeated = [.. sent, .. _sent.Where(_ => _random.Next(20) == 0).Take(3)];
        var fate = isHealed ? 9 : _random.Next(10);
        await SendAsync(repeated, isDying: fate == 0);
        _sent.AddRange(fate == 0 ? [] : sent);
        if (fate > 1)
        {
            _pending[node].RemoveAll(item => batch.Contains(item.Use));
            return;
        }

        Troubles++;
        if (fate == 1 && _planted == PlantedFault.RepeatUnderNewId)
        {
            _pending[node] = [.. _pending[node].Select(item => batch.Contains(item.Use) ? (item.At, item.Use with { Id = item.Use.Id + "-again" }) : item)];
        }
    }

    private async Task SendAsync(Use[] uses, bool isDying)
    {
        try
        {
            await _store.WriteAsync(async session =>
            {
                await UsageIntake.AcceptAsync(session, [.. uses.Where(static use => use.Meter is null).Select(RecordOf)]);
                return isDying ? throw new SimulatedDeathException() : 0;
            });
        }
        catch (SimulatedDeathException)
        {
            return;
        }

        await SendAsync(uses.Where(static use => use.Meter is not null).Select(static use => (object)new
        {
            specversion = "1.0",
            id = use.Id,
            source = Ids[use.Node],
            type = History.EventMeter,
            time = InstantText.Format(use.At),
            data = new { organisation = use.Organisation, channel = use.Channel, value = use.Quantity },
        }));
    }

    private async Task VoidAsync(DateTimeOffset now, int most)
    {
        var due = _voids.Where(item => item.At <= now).Take(most).ToArray();
        await SendAsync(due.Select(static item => (object)new
        {
            specversion = "1.0", id = "void-" + item.Use.Id, source = "audit", type = Catalog.Meters.VoidEventType, data = new { source = Ids[item.Use.Node], id = item.Use.Id },
        }));
        _voids.RemoveAll(item => due.Contains(item) && (most == int.MaxValue || _random.Next(3) > 0)); // else again
    }

    private async Task SendAsync(IEnumerable<object> events)
    {
        using var body = JsonDocument.Parse(JsonSerializer.Serialize(events));
        if (body.RootElement.GetArrayLength() == 0)
        {
            return;
        }

        if (!EventIntake.Read(body.RootElement).TryGet(out var read, out var problem))
        {
            throw new InvalidOperationException(problem.Message);
        }

        var refused = (await _events.AcceptAsync(read, "meters")).FirstOrDefault(static outcome => outcome.Problem is not null);
        if (refused is not null)
        {
            throw new InvalidOperationException($"{refused.Key}: {refused.Problem!.Message}");
        }
    }

    private static UsageRecord RecordOf(Use use) => new()
    {
        Source = Ids[use.Node],
        Id = use.Id,
        Project = "p",
        Organisation = use.Organisation,
        EndCustomer = use.EndCustomer,
        Channel = use.Channel,
        Key = "k",
        Deployment = "d",
        Model = use.Model,
        OpenedAt = use.At,
        ClosedAt = use.At,
        Ending = use.IsCharged ? CallEnding.Completed : CallEnding.UpstreamFailed,
        InputTokens = use.Input,
        CachedInputTokens = use.Cached,
        OutputTokens = use.Output,
    };

    // Most soon, some after days, a few after their month was closed.
    private TimeSpan Delay() => TimeSpan.FromMinutes(_random.Next(10) switch { < 7 => _random.Next(60), < 9 => _random.Next(7_200), _ => _random.Next(35_000) });

    private sealed class StoppedTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

/// <summary>A process dies in the middle of a transaction.</summary>
internal sealed class SimulatedDeathException : Exception;
