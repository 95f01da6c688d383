using Dogana.Conduct;
using Dogana.Conduct.Register;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

public sealed class MeasureListTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = ConductScene.Now;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task The_store_chooses_by_state_as_a_measure_says_itself_and_gives_the_last_to_begin(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind);
        var random = new Random(11);
        Measure[] measures = [.. Enumerable.Range(0, 200).Select(index => new Measure(
            $"k{index:d3}", random.Next(2) == 0 ? "bytes" : "other", "owner", MeasureLevel.Warn, "Why.", "ann", Now, Instant(1) ?? Now)
        {
            ApprovedAt = Instant(3), RejectedAt = Instant(5) is { } at && random.Next(4) == 0 ? at : null, LiftedAt = random.Next(4) == 0 ? Now : null, EndsAt = Instant(2),
        })];
        await store.WriteAsync(async session =>
        {
            foreach (var measure in measures)
            {
                await MeasureRows.InsertAsync(session, measure);
            }

            return 0;
        });

        foreach (var state in Enum.GetValues<MeasureState>().Cast<MeasureState?>().Append(null))
        {
            var expected = measures.Where(item => item.Organisation == "bytes" && (state is null || item.StateAt(Now) == state)).ToArray();
            expected.ShouldNotBeEmpty($"{state}");
            (await ListAsync(state, isById: true, after: null, 1_000)).ShouldBe(expected.Select(static item => item.Id), $"{state}");
            (await ListAsync(state, isById: true, after: "k100", 5)).ShouldBe(
                expected.Select(static item => item.Id).Where(static id => string.CompareOrdinal(id, "k100") > 0).Take(5), $"{state}");
            (await ListAsync(state, isById: false, after: null, 5)).ShouldBe(
                expected.OrderBy(static item => item.StartsAt).ThenBy(static item => item.Id, StringComparer.Ordinal).Select(static item => item.Id).TakeLast(5), $"{state}");
        }

        DateTimeOffset? Instant(int outOf) => random.Next(outOf + 1) == 0 ? null : Now.AddHours(random.Next(-3, 4));

        async Task<IEnumerable<string>> ListAsync(MeasureState? state, bool isById, string? after, int limit) =>
            (await store.ReadAsync(session => MeasureRows.ListAsync(session, "bytes", "owner", state, Now, isById, after, limit))).Select(static item => item.Id);
    }
}
