using Dogana.Metering;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Metering;

/// <summary>What the store has taken in is put away, and comes back where a store lacks it again.</summary>
public sealed class PutAwayTests(StoreFixture stores)
{
    private const int Calls = 700; // of 30 kB: more than one segment

    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_store_that_was_put_back_takes_in_what_it_lacks_and_each_call_once()
    {
        var folder = stores.NewFolder();
        await using (var first = await stores.OpenAsync(StoreKind.Sqlite))
        await using (var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System))
        {
            await Task.WhenAll(Enumerable.Range(0, Calls).Select(number => CallAsync(journal, number)));
            await UsageIntake.ShipAsync(first, journal);
        }

        Directory.GetFiles(Path.Combine(folder, "shipped")).ShouldNotBeEmpty();

        // The store of a backup knows nothing of it.
        await using var restored = await stores.OpenAsync(StoreKind.Sqlite);
        await using (var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System, await restored.ReadAsync(static session => UsageIntake.ReadShippedSegmentAsync(session, "n1"))))
        {
            journal.Interrupted.ShouldBe(0);
            Directory.GetFiles(Path.Combine(folder, "shipped")).ShouldBeEmpty();
            (await UsageIntake.ShipAsync(restored, journal)).ShouldBe(Calls);
        }

        // And once it has all of it, nothing comes again.
        await using (var journal = await UsageJournal.OpenAsync(folder, "n1", TimeProvider.System, await restored.ReadAsync(static session => UsageIntake.ReadShippedSegmentAsync(session, "n1"))))
        {
            (await UsageIntake.ShipAsync(restored, journal)).ShouldBe(0);
            Directory.GetFiles(Path.Combine(folder, "shipped")).ShouldNotBeEmpty();

            // By its rule it goes.
            var kept = new ShippedJournal(journal);
            (await kept.EraseOlderThanAsync(TimeProvider.System.GetUtcNow().AddDays(-1), 10, CancellationToken.None)).ShouldBe(0);
            (await kept.EraseOlderThanAsync(TimeProvider.System.GetUtcNow().AddDays(1), 10, CancellationToken.None)).ShouldBeGreaterThan(0);
            Directory.GetFiles(Path.Combine(folder, "shipped")).ShouldBeEmpty();
        }
    }

    private static async Task CallAsync(UsageJournal journal, int number)
    {
        var call = new OpenedCall($"c{number}", "p", "acme", "direct", "k", new string('d', 30_000), "m", Noon, new Money(0.000001m, Currency.Of("EUR")));
        journal.Open(call);
        await journal.CloseAsync(call.Close("n1", Noon, CallEnding.Completed, default));
    }
}
