using System.Globalization;
using Dogana.Billing;
using Dogana.Billing.Accruing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Testing.MoneySimulation;

/// <summary>
/// A history of sales on a real store: counted, rated, closed and corrected in an order, in batches and with failures that follow from a seed. In the end documents, quantities and books must be what
/// an oracle makes of the bare list of what was used.
/// </summary>
public sealed class Simulation
{
    private readonly History _history;
    private readonly Store _store;
    private readonly Random _random;
    private readonly PlantedFault _planted;
    private readonly Counting _counting;
    private readonly Queue<Declared> _later;
    private readonly List<BillingMonth> _closing = [];
    private BillingMonth _next;
    private int _troubles;

    private Simulation(History history, Store store, Random random, PlantedFault planted)
    {
        (_history, _store, _random, _planted) = (history, store, random, planted);
        _counting = new Counting(store, history, random, planted);
        _later = new Queue<Declared>(history.Later);
        _next = history.First;
    }

    /// <summary>Runs the history of a seed.</summary>
    /// <param name="seed">What happens.</param>
    /// <param name="counting">How it is counted, rated and closed: batches, order, delays, failures. Sums never depend on it.</param>
    /// <param name="planted">A fault that is to be found.</param>
    /// <param name="postgres">The connection string of an empty database; null for a SQLite store in a folder of its own.</param>
    public static async Task<SimulationResult> RunAsync(int seed, int counting = 1, PlantedFault planted = PlantedFault.None, string? postgres = null)
    {
        var history = History.Of(seed);
        var (store, folder) = postgres is null ? await SimulatedStores.OpenAsync() : (await Store.OpenPostgresAsync(postgres), "");
        try
        {
            await using (store)
            {
                var simulation = new Simulation(history, store, new Random(seed * 31 + counting), planted);
                await simulation.DeclareAsync();
                await simulation.LiveAsync();
                var findings = await Findings.ReadAsync(store, history);
                return new SimulationResult(
                    seed, history.ToString(), history.Uses.Count, findings.Documents, simulation._troubles + simulation._counting.Troubles, findings.Sums, findings.Differences, findings.Faults)
                {
                    Converted = findings.Converted,
                    Repriced = findings.Repriced,
                };
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            return new SimulationResult(seed, history.ToString(), history.Uses.Count, 0, 0, "", [fault.ToString()], []);
        }
        finally
        {
            if (folder.Length > 0)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private Task<int> DeclareAsync() => _store.WriteAsync(async session =>
    {
        var now = _history.Start.AddYears(-1);
        await PartyRegister.DeclareAsync(session, [.. _history.Organisations], [.. _history.Channels], [], []);
        await Meters.DeclareAsync(session, [new MeterDefinition(Meter.Find(History.EventMeter)!, "picture", MeterAggregation.Sum, History.EventMeter, "value", [], MeterWindow.Month)]);
        await PriceBooks.DeclareAsync(session, _history.Books, _history.Versions, now);
        await Contracts.DeclareAsync(session, await PartyRegister.ReadAsync(session), _history.Contracts, now);
        session.ChangesConfiguration();
        return 0;
    });

    private async Task LiveAsync()
    {
        var end = _history.Last.End("Etc/UTC").AddDays(3);
        for (var now = _history.Start; now < end; now += TimeSpan.FromMinutes(_random.Next(120, 8_000)))
        {
            while (_later.TryPeek(out var declared) && declared.At <= now)
            {
                await DeclareAsync(_later.Dequeue());
            }

            await _counting.SomeAsync(now);
            if (_random.Next(3) > 0)
            {
                await AccrueAsync(now);
            }

            await CloseSomeAsync(now);
            if (_random.Next(8) == 0)
            {
                await DraftAsync(now);
            }
        }

        // Everything is there, and all months are closed; those that were closed while a rate was missing once more.
        while (_later.TryDequeue(out var declared))
        {
            await DeclareAsync(declared);
        }

        await _counting.AllAsync(end);
        await _counting.ForgetAsync();
        for (var month = _history.First; month <= _history.Last; month = month.Next)
        {
            if (!(await PeriodClose.CloseAsync(_store, month, end, "closer")).TryGet(out var closed, out var problem) || !closed.IsClosed)
            {
                throw new InvalidOperationException($"{month} cannot be closed: {problem?.Message}");
            }
        }
    }

    private Task<int> DeclareAsync(Declared declared) => _store.WriteAsync(async session =>
    {
        await PriceBooks.DeclareAsync(session, [], declared.Prices is { } prices ? [prices] : [], declared.At);
        await Contracts.DeclareAsync(session, await PartyRegister.ReadAsync(session), declared.Contract is { } contract ? [contract] : [], declared.At);
        await ExchangeRates.DeclareAsync(session, declared.Rates, declared.At);
        session.ChangesConfiguration();
        return 0;
    });

    private async Task AccrueAsync(DateTimeOffset now)
    {
        for (var run = _random.Next(1, 4); run > 0; run--)
        {
            var (limit, dies) = (_random.Next(1, 30), _random.Next(6) == 0);
            try
            {
                await _store.WriteAsync(async session =>
                {
                    await UsageRepricing.RunBatchAsync(session, now, limit);
                    await Accruals.RunBatchAsync(session, now, limit);
                    if (_planted == PlantedFault.RunsRounded)
                    {
                        await session.ExecuteAsync("update rated_line set pico = 0");
                    }

                    return dies ? throw new SimulatedDeathException() : 0;
                });
            }
            catch (SimulatedDeathException)
            {
                _troubles++;
            }
        }
    }

    // A month may be begun while those before it are not done; some are closed by two at once.
    private async Task CloseSomeAsync(DateTimeOffset now)
    {
        if (_next < _history.Last && _next.End("Etc/UTC").AddDays(1) < now && _random.Next(3) > 0)
        {
            _closing.Add(_next);
            _next = _next.Next;
        }

        foreach (var month in _closing.Where(_ => _random.Next(2) == 0).ToArray())
        {
            var (batch, atMost) = (_random.Next(1, 5), _random.Next(1, 4));
            var closed = await Task.WhenAll(Enumerable.Range(0, 1 + _random.Next(5) / 4).Select(_ => PeriodClose.CloseAsync(_store, month, now, "closer", batch, atMost, default)));
            if (closed[0].TryGet(out var how, out var problem))
            {
                _troubles += how.IsClosed ? 0 : 1;
                _ = how.IsClosed && _closing.Remove(month);
            }
            else if (problem.Code == ProblemCode.Conflict)
            {
                _troubles++; // a node is behind, or the month is not over everywhere
                await (_random.Next(3) == 0 ? _counting.ForgetAsync() : Task.CompletedTask);
            }
            else
            {
                throw new InvalidOperationException(problem.Message);
            }
        }
    }

    private Task<Outcome<InvoiceDocument>> DraftAsync(DateTimeOffset now) => _store.ReadAsync(async session =>
    {
        var contracts = (await Contracts.ReadAsync(session)).Contracts;
        var contract = contracts[_random.Next(contracts.Count)];
        return await Invoices.DraftAsync(session, contract, BillingMonth.Of(now, contract.Zone), now);
    });

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_history}, {_troubles} troubles");
}
