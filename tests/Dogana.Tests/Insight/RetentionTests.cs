using Dogana.Insight;
using FsCheck;
using FsCheck.Fluent;

namespace Dogana.Tests.Insight;

public sealed class RetentionTests
{
    private static readonly Currency Usd = Currency.Of("USD");

    [Fact]
    public void Retention_is_of_the_opening_cohort_alone()
    {
        var retention = Between("grows azure 100, shrinks azure 100, leaves azure 50", "grows azure 130, shrinks azure 60, comes azure 1000");

        Text(retention.All).ShouldBe("250 = cohort 250; new 1000, expansion 30, contraction 40, churn 50, moves 0, credits 0; 1190");
        retention.All.GrossRetention!.Value.ShouldBe(0.64, 1e-15);
        retention.All.NetRetention!.Value.ShouldBe(0.76, 1e-15);
        (retention.OpeningCustomers, retention.LostCustomers).ShouldBe((3, 1));
    }

    [Fact]
    public void Who_buys_elsewhere_now_has_moved_and_is_neither_lost_nor_won()
    {
        var retention = Between("mover direct 100, stays direct 10", "mover azure 120, stays direct 10");

        Text(retention.All).ShouldBe("110 = cohort 110; new 0, expansion 20, contraction 0, churn 0, moves 0, credits 0; 130");
        Text(retention.ByChannel["direct"]).ShouldBe("110 = cohort 110; new 0, expansion 0, contraction 0, churn 0, moves -100, credits 0; 10");
        Text(retention.ByChannel["azure"]).ShouldBe("0 = cohort 0; new 0, expansion 20, contraction 0, churn 0, moves 100, credits 0; 120");
        retention.ByChannel["azure"].GrossRetention.ShouldBeNull();
    }

    [Fact]
    public void What_lies_below_zero_is_credits_and_nobodys_retention()
    {
        var retention = Between("refunded azure 100, owed azure -30", "refunded azure -40, owed azure 20");

        Text(retention.All).ShouldBe("70 = cohort 100; new 20, expansion 0, contraction 0, churn 100, moves 0, credits -10; -20");
        retention.All.GrossRetention.ShouldBe(0);
    }

    [Fact]
    public void A_bridge_adds_up_from_opening_to_closing_and_moves_cancel_out() => Checked.ForAll(Periods(), 84, static periods =>
    {
        var (opening, closing) = periods;

        var retention = Retention.Between(opening, closing, Usd);

        foreach (var bridge in retention.ByChannel.Values.Append(retention.All))
        {
            (bridge.Opening + bridge.New + bridge.Expansion - bridge.Contraction - bridge.Churn + bridge.Moves + bridge.Credits).ShouldBe(bridge.Closing);
            new[] { bridge.New, bridge.Expansion, bridge.Contraction, bridge.Churn }.ShouldAllBe(static part => part.Amount >= 0m);
            (bridge.GrossRetention ?? 0).ShouldBeInRange(0, 1);
        }

        retention.All.Moves.IsZero.ShouldBeTrue();
        retention.All.Opening.ShouldBe(Money.Sum(opening.Select(static amount => amount.Amount), Usd));
        retention.All.Closing.ShouldBe(Money.Sum(closing.Select(static amount => amount.Amount), Usd));
        Retention.Between(opening.Reverse(), closing.Reverse(), Usd).ShouldBeEquivalentTo(retention);
    });

    [Fact]
    public void Where_nothing_changes_all_is_kept() => Checked.ForAll(Periods(), 85, static periods =>
    {
        var retention = Retention.Between(periods.Item1, periods.Item1, Usd);

        (retention.All.GrossRetention ?? 1).ShouldBe(1);
        (retention.All.NetRetention ?? 1).ShouldBe(1);
        retention.LostCustomers.ShouldBe(0);
    });

    private static Gen<(ChannelAmount[] Opening, ChannelAmount[] Closing)> Periods()
    {
        var amount =
            from party in Gen.Elements("a", "b", "c")
            from channel in Gen.Elements("direct", "azure", "market")
            from pico in Gen.Choose(-300, 1_000)
            select new ChannelAmount(party, channel, new Money(pico * 0.000000000001m, Usd)); // so small that every division leaves something
        return from opening in amount.ArrayOf() from closing in amount.ArrayOf() select (opening, closing);
    }

    private static Retention Between(string opening, string closing)
    {
        return Retention.Between(Read(opening), Read(closing), Usd);

        static IEnumerable<ChannelAmount> Read(string text) => text.Split(", ").Select(static entry => entry.Split(' '))
            .Select(static parts => new ChannelAmount(parts[0], parts[1], new Money(int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture), Usd)));
    }

    private static string Text(RevenueBridge bridge) =>
        $"{bridge.Opening.Amount} = cohort {bridge.Cohort.Amount}; new {bridge.New.Amount}, expansion {bridge.Expansion.Amount}, contraction {bridge.Contraction.Amount}, "
        + $"churn {bridge.Churn.Amount}, moves {bridge.Moves.Amount}, credits {bridge.Credits.Amount}; {bridge.Closing.Amount}";
}
