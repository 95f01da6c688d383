using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>How far revenue depends on few.</summary>
public static class ConcentrationReports
{
    /// <summary>The most parties that a report names.</summary>
    public const int NamedMax = 1_000;

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
        var amounts = await reader.ReadAsync(scope.From, scope.To);
        var before = await reader.ReadAsync(scope.From.Plus(-12), scope.To.Plus(-12));
        var concentration = Concentration.Of(amounts, scope.Currency);
        var disclosed = concentration.Disclosed();
        var largest = concentration.Parties.Take(Math.Max(named, disclosed.Count)).ToArray();
        var growth = RevenueGrowth.Shares(before, amounts).ToDictionary(static share => share.Party, StringComparer.Ordinal);
        var names = await reader.NamesAsync(largest.Select(static party => party.Party));
        var history = new List<ConcentrationMonth>();
        foreach (var month in withHistory ? scope.From.Through(scope.To) : [])
        {
            var own = Concentration.Of(await reader.ReadAsync(month, month), scope.Currency);
            history.Add(new ConcentrationMonth(month.ToString(), own.Total.ToAmountText(), own.Largest(1), own.Largest(5), own.Index, own.EffectiveParties));
        }

        return new ConcentrationRecord(
            scope.ToBasis(), EnumWords.Of(axis), concentration.Total.ToAmountText(), concentration.Parties.Count, concentration.Largest(1), concentration.Largest(5), concentration.Largest(10),
            concentration.Index, concentration.Normalised, concentration.EffectiveParties, concentration.LeftOut.Count,
            Money.Sum(concentration.LeftOut.Select(static party => party.Amount), scope.Currency).ToAmountText(), [.. disclosed.Select(static party => party.Party)],
            [.. largest.Select(party => new PartyShareRecord(
                party.Party, names.GetValueOrDefault(party.Party), party.Amount.ToAmountText(), party.Share, party.IndexWithout, growth[party.Party].Change.ToAmountText(), growth[party.Party].Share))],
            history);
    }
}
