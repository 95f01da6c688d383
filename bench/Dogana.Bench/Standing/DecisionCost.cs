using System.Diagnostics;
using Dogana.Admission;
using Dogana.Bench.Figures;
using Dogana.Bench.Stores;
using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Bench.Standing;

/// <summary>What a decision costs in the way of a call.</summary>
internal static class DecisionCost
{
    private const int Batch = 10_000;

    public static async Task MeasureAsync(BenchStore world, bool isQuick, Rounds rounds, CancellationToken cancellation)
    {
        await using var store = await world.OpenAsync(cancellation);
        var now = TimeProvider.System.GetUtcNow();
        AdmissionTable? table = null;
        PartyTable parties = null!;
        CatalogTable catalog = null!;
        for (var round = 0; round < (isQuick ? 3 : 10); round++)
        {
            var begun = Stopwatch.GetTimestamp();
            table = await store.ReadAsync(
                async session =>
                {
                    parties = await PartyRegister.ReadAsync(session);
                    catalog = await CatalogRegister.ReadAsync(session);
                    return await AdmissionTable.ReadAsync(session, parties, catalog, now);
                },
                cancellation);
            rounds.Add(StandingFigures.Build, Stopwatch.GetElapsedTime(begun).TotalMilliseconds, 0);
        }

        // As calls come: other projects each time, some with an end customer or a country.
        AdmissionFacts[] facts =
        [
            .. from project in parties.Projects.Values
               from endCustomer in new[] { null, "bystander" }
               from country in new[] { null, "FR" }
               select new AdmissionFacts(
                   project, parties.Channels[project.Channel], catalog.Models["chat"], endCustomer, endCustomer is null ? default : EndCustomerNaming.Header, country),
        ];
        for (var round = 0; round < (isQuick ? 20 : 300); round++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var begun = Stopwatch.GetTimestamp();
            var refused = 0;
            for (var i = 0; i < Batch; i++)
            {
                refused += table!.Find(facts[i % facts.Length]).Refusal is null ? 0 : 1;
            }

            var nanoseconds = Stopwatch.GetElapsedTime(begun).TotalNanoseconds / Batch;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            if (round >= 5) // decided once, and compiled
            {
                rounds.Add(StandingFigures.Decision, nanoseconds, Batch);
                rounds.Add(StandingFigures.DecisionAllocated, allocated / (double)Batch, Batch);
            }

            if (refused == Batch)
            {
                throw new BenchmarkFailedException("Every decision was a refusal.");
            }
        }
    }
}
