using System.Numerics;
using Dogana.Insight.Arithmetic;

namespace Dogana.Insight;

/// <summary>A party's part of a concentration.</summary>
/// <param name="Party">The family, where parties were rolled up.</param>
/// <param name="Amount">Exact, above zero.</param>
/// <param name="Share">Of <see cref="Concentration.Total"/>, above 0 to 1.</param>
/// <param name="IndexWithout">The Herfindahl-Hirschman index of the others, H′ = (H − s²)/(1 − s)², × 10,000; null where there are no others.</param>
public sealed record PartyShare(string Party, Money Amount, double Share, double? IndexWithout);

/// <summary>
/// How far amounts depend on few parties. Shares are of the amounts above zero: whoever stands at zero or below has no share, is not counted, and is named in
/// <see cref="LeftOut"/>, because a negative share would make those of the others add up to more than one. Sums and squares are exact; only what is a
/// ratio is a floating-point number, divided once.
/// </summary>
/// <param name="Total">The sum of the amounts above zero.</param>
/// <param name="Parties">Whoever has a share, the largest first, equal ones by name.</param>
/// <param name="LeftOut">Whoever stands at zero or below.</param>
/// <param name="Index">The Herfindahl-Hirschman index, Σ s² × 10,000: 10,000/N to 10,000; 0 where nobody has a share.</param>
/// <param name="Normalised">(H − 1/N)/(1 − 1/N): 0 (all alike) to 1 (one party alone); 0 where nobody has a share.</param>
/// <param name="EffectiveParties">1/Σ s²: as many parties of like size would give this index; 0 where nobody has a share.</param>
public sealed record Concentration(
    Money Total, IReadOnlyList<PartyShare> Parties, IReadOnlyList<PartyAmount> LeftOut, double Index, double Normalised, double EffectiveParties)
{
    /// <summary>The concentration of amounts.</summary>
    /// <param name="amounts">Of this currency; a party may come more than once.</param>
    /// <param name="currency">The currency, for the total of nothing.</param>
    /// <param name="families">The family of a party, by which they are rolled up first; who is not in it stands for itself.</param>
    public static Concentration Of(IEnumerable<PartyAmount> amounts, Currency currency, IReadOnlyDictionary<string, string>? families = null)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        var parties = PartyAmount.RollUp(amounts, families);
        var tally = new ConcentrationTally(largest: 0);
        foreach (var party in parties)
        {
            tally.Add(ExactRatio.Pico(party.Amount));
        }

        return new Concentration(
            ExactRatio.Amount(tally.Total, currency),
            [.. parties.Where(static party => party.Amount.Amount > 0m).Select(party => Share(party, tally))],
            [.. parties.Where(static party => party.Amount.Amount <= 0m)],
            tally.Index, tally.Normalised, tally.EffectiveParties);
    }

    /// <summary>The concentration ratio CRn: the share of the n largest, 0 to 1 (CR1, CR5, CR10).</summary>
    public double Largest(int count) =>
        ExactRatio.Of(Parties.Take(count).Aggregate(BigInteger.Zero, static (all, party) => all + ExactRatio.Whole(party.Amount)), ExactRatio.Whole(Total)) ?? 0;

    /// <summary>
    /// Whoever brings a tenth or more, which ASC 280-10-50-42 has a public company disclose: the fact and the amount; the name is not required. Decided on exact
    /// amounts. The rule counts those under common control as one, and each government, hence families are to be rolled up.
    /// </summary>
    public IReadOnlyList<PartyShare> Disclosed() => [.. Parties.Where(party => ExactRatio.Whole(party.Amount) * 10 >= ExactRatio.Whole(Total))];

    /// <summary>The concentration of whoever is left when some leave. Without nobody it is this one.</summary>
    /// <param name="leaving">Parties, or families where they were rolled up.</param>
    public Concentration Without(IReadOnlySet<string> leaving)
    {
        ArgumentNullException.ThrowIfNull(leaving);
        var staying = Parties.Select(static party => new PartyAmount(party.Party, party.Amount)).Concat(LeftOut).Where(party => !leaving.Contains(party.Party));
        return Of(staying, Total.Currency);
    }

    private static PartyShare Share(PartyAmount party, ConcentrationTally tally)
    {
        var own = ExactRatio.Pico(party.Amount);
        return new PartyShare(party.Party, party.Amount, tally.ShareOf(own), tally.IndexWithout(own));
    }
}
