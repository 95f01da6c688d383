using System.Collections;
using Dogana.Conduct;
using Dogana.Conduct.Reaching;
using Dogana.Parties;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

/// <summary>Large families: what a table costs, and what of a reason is kept.</summary>
public sealed class MembershipTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = ConductScene.Now;

    [Fact]
    public void Reasons_of_ownership_are_not_looked_for_until_somebody_asks()
    {
        var measure = new Measure("k", "bytes", "owner", MeasureLevel.Suspend, "Why.", "ann", Now, Now);
        var affiliates = new Dictionary<string, Affiliate>(StringComparer.Ordinal) { ["labs"] = new("labs", Certainty.Yes, new Unread()) };

        var member = Membership.Of(measure, ControlRule.Default, affiliates, []).Values.ShouldHaveSingleItem();

        member.Certainty.ShouldBe(Certainty.Yes);
        Should.Throw<InvalidOperationException>(member.Basis);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_long_chain_of_reasons_is_recorded_in_500_characters(StoreKind kind)
    {
        await using var store = await stores.OpenSceneAsync(kind);
        await store.WriteAsync(session => PartyRegister.DeclareAsync(
            session, [.. Enumerable.Range(0, 60).Select(static i => ConductScene.Company($"daughter-{i}", i == 0 ? "bytes" : $"daughter-{i - 1}"))], [], [], []));
        await store.SuspendAsync("bytes");

        var recorded = (await store.ReadAsync(Measures.ReadMembersAsync)).ToDictionary(static item => item.Organisation, static item => item.Basis, StringComparer.Ordinal);
        recorded["daughter-59"].Length.ShouldBe(MeasureMember.BasisMax);
        recorded["daughter-59"].ShouldEndWith("…");
        recorded["daughter-0"].ShouldNotEndWith("…");
    }

    [Fact]
    public void A_line_of_10000_organisations_under_300_measures_on_10_channels_shares_its_answers()
    {
        const int count = 10_000, channels = 10, measures = 300;
        Organisation[] organisations =
            [.. Enumerable.Range(0, count).Select(static i => ConductScene.Company($"o{i}", i == 0 ? null : $"o{i - 1}")), ConductScene.Company("owner"), ConductScene.Company("seller")];
        var parties = new PartyTable(
            organisations, [.. Enumerable.Range(0, channels).Select(static i => new Channel($"c{i}", "C", ChannelKind.Reseller, "seller"))],
            [new Agreement("a", "owner", "c1", MeasureFlow.Review) { ReviewTime = TimeSpan.FromHours(1) }], []);

        var table = new StandingTable(
            [.. Enumerable.Range(0, measures).Select(static i => new Measure($"k{i:d3}", $"o{i * 33}", "owner", MeasureLevel.Warn, "Why.", "ann", Now, Now) { ApprovedAt = Now })],
            [], [], parties, Now);

        var first = table.Find("o0", "owner", "m1", "c0");
        first.Select(static item => item.Measure.Id).ShouldBe(Enumerable.Range(0, measures).Select(static i => $"k{i:d3}"));
        table.Find("o9999", "owner", "m1", "c0").ShouldBeSameAs(first, "whoever is under the same measures has the same answers");
        table.Find("o9999", "owner", "m1", "c1").ShouldBeEmpty("it is reviewed there");
        table.Of("o5000").Count.ShouldBe(measures * channels);
        table.NextChange.ShouldBe(Now.AddHours(1));
    }

    [Fact]
    public void A_start_at_the_end_of_all_dates_keeps_no_table_from_being_built()
    {
        var parties = new PartyTable(
            [ConductScene.Company("owner"), ConductScene.Company("seller"), ConductScene.Company("bytes")], [new Channel("cloud", "C", ChannelKind.Reseller, "seller")],
            [new Agreement("a", "owner", "cloud", MeasureFlow.Review) { ReviewTime = TimeSpan.FromHours(8_760) }], []);
        var far = new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero);
        Measure[] measures = [new("k", "bytes", "owner", MeasureLevel.Suspend, "Why.", "ann", Now, far) { ApprovedAt = Now }];

        foreach (var at in new[] { Now, far })
        {
            new StandingTable(measures, [], [], parties, at).Find("bytes", "owner", "m1", "cloud").ShouldBeEmpty();
        }

        new StandingTable(measures, [], [], parties, far).Of("bytes").ShouldHaveSingleItem().Reach.ShouldBe(MeasureReach.UnderReview);
    }

    /// <summary>Reasons that must not be read.</summary>
    private sealed class Unread : IReadOnlyList<ControlLink>
    {
        public int Count => throw new InvalidOperationException("Reasons were read.");

        public ControlLink this[int index] => throw new InvalidOperationException("Reasons were read.");

        public IEnumerator<ControlLink> GetEnumerator() => throw new InvalidOperationException("Reasons were read.");

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
