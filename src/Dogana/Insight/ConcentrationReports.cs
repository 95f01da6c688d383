using Dogana.Client;
using Dogana.Insight.Arithmetic;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>How far revenue depends on few.</summary>
public static class ConcentrationReports
{
    /// <summary>The most parties that a report names.</summary>
    public const int NamedMax = 1_000;

    private const int LargestKept = 10; // CR10; and a tenth or more is brought by ten at most

    /// <summary>The concentration of a scope's months together, with each party's part of the growth on the year.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="scope">What it is about.</param>
    /// <param name="axis">Who counts as one.</param>
    /// <param name="named">How many of the largest to name, 1 to <see cref="NamedMax"/>; whoever is to be disclosed is named in any case.</param>
    /// <param name="withHistory">Each month by itself too?</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public static async Task<ConcentrationRecord> ReadAsync(StoreSession session, ReportScope scope, InsightAxis axis, int named, bool withHistory)
    {
        ArgumentNullException.ThrowIfNull(scope);
        var reader = new AxisReader(new RevenueReader(session, scope), axis);
        var window = new MonthWindow(scope.From, scope.To);
        var read = await reader.ReadAsync([window, window.YearBefore]);
        var (amounts, before) = (read.Windows[0], read.Windows[1]);
        var all = Tally(amounts);
        var largest = (await read.LargestAsync(Math.Max(named, LargestKept))).TakeWhile(party => amounts[party.Place] > 0).ToArray();
        var disclosed = largest.TakeWhile(party => all.IsDisclosed(amounts[party.Place])).Select(static party => party.Party).ToArray();
        largest = [.. largest.Take(Math.Max(named, disclosed.Length))];
        var growth = Sum(amounts) - Sum(before);
        var names = await reader.NamesAsync(largest.Select(static party => party.Party));
        return new ConcentrationRecord(
            scope.ToBasis(), EnumWords.Of(axis), Text(all.Total), all.Parties, all.Largest(1), all.Largest(5), all.Largest(10), all.Index, all.Normalised, all.EffectiveParties, all.LeftOut,
            Text(all.LeftOutTotal), disclosed, [.. largest.Select(party => Record(party.Party, amounts[party.Place], amounts[party.Place] - before[party.Place]))],
            withHistory ? await ReadHistoryAsync(reader, scope, read) : []);

        string Text(Int128 pico) => ExactRatio.Amount(pico, scope.Currency).ToAmountText();

        PartyShareRecord Record(string party, Int128 amount, Int128 change) => new(
            party, names.GetValueOrDefault(party), Text(amount), all.ShareOf(amount), all.IndexWithout(amount), Text(change), ExactRatio.Of(change, growth));
    }

    // A year of months at once: they stand side by side. Writes over the amounts that it is given, so it comes last.
    private static async Task<IReadOnlyList<ConcentrationMonth>> ReadHistoryAsync(AxisReader reader, ReportScope scope, AxisAmounts amounts)
    {
        var history = new List<ConcentrationMonth>();
        foreach (var months in scope.From.Through(scope.To).GroupBy(static month => month.Year).Select(static year => year.ToArray()))
        {
            amounts = await reader.ReadAsync([.. months.Select(static month => new MonthWindow(month, month))], spent: amounts);
            history.AddRange(months.Zip(amounts.Windows.Select(Tally), (month, own) => new ConcentrationMonth(
                month.ToString(), ExactRatio.Amount(own.Total, scope.Currency).ToAmountText(), own.Largest(1), own.Largest(5), own.Index, own.EffectiveParties)));
        }

        return history;
    }

    // Whoever comes to nothing is in no count.
    private static ConcentrationTally Tally(Int128[] amounts)
    {
        var tally = new ConcentrationTally(LargestKept);
        foreach (var amount in amounts)
        {
            if (amount != 0)
            {
                tally.Add(amount);
            }
        }

        return tally;
    }

    private static Int128 Sum(Int128[] amounts) => amounts.Aggregate(Int128.Zero, static (sum, amount) => sum + amount);
}
