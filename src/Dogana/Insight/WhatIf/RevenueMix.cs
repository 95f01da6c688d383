using Dogana.Insight.Revenue;
using Dogana.Parties;

namespace Dogana.Insight.WhatIf;

/// <summary>Of what each part of the portfolio is made: customers' revenue by channel and model. Discounts and credits lessen what they were given on.</summary>
/// <param name="parties">The customers and their projects.</param>
/// <param name="forecast">The parts.</param>
/// <param name="familyOf">The family of a customer.</param>
/// <param name="at">When projects are looked at: the last known instant.</param>
internal sealed class RevenueMix(PartyTable parties, PortfolioForecast forecast, Func<string, string> familyOf, DateTimeOffset at)
{
    private readonly Dictionary<string, int> _parts = forecast.Parts.Index().Where(static part => part.Item.Name is not null).ToDictionary(static part => part.Item.Name!, static part => part.Index, StringComparer.Ordinal);
    private readonly Dictionary<(string Organisation, string Channel), string> _countries = CountriesOf(parties, at);

    /// <summary>The mix of each part: of the last months, of the last year where it brought nothing in these, and one cell of nothing known where it did in neither.</summary>
    public IReadOnlyList<IReadOnlyList<MixCell>> Of(IReadOnlyList<RevenueSum> recent, IReadOnlyList<RevenueSum> year)
    {
        var (late, early) = (Cells(recent).ToLookup(static cell => cell.Cell.Part), Cells(year).ToLookup(static cell => cell.Cell.Part));
        return [.. forecast.Parts.Select((part, place) => (IReadOnlyList<MixCell>)(late.Contains(place) ? [.. late[place]] : early.Contains(place) ? [.. early[place]]
            : [new MixCell(new PlanCell(place, part.Name ?? "", part.Name ?? "", "", "", ""), 1, 0m)]))];
    }

    private IEnumerable<MixCell> Cells(IReadOnlyList<RevenueSum> sums)
    {
        foreach (var account in sums.GroupBy(static sum => (sum.Organisation, sum.Channel)))
        {
            var (net, positive) = (account.Sum(static sum => sum.Amount.Amount), account.Where(static sum => sum.Amount.Amount > 0).Sum(static sum => sum.Amount.Amount));
            var family = familyOf(account.Key.Organisation);
            var part = _parts.TryGetValue(family, out var own) ? own : forecast.Parts[^1].Name is null ? forecast.Parts.Count - 1 : -1;
            if (net <= 0 || part < 0)
            {
                continue;
            }

            foreach (var sum in account.Where(static sum => sum.Amount.Amount > 0).OrderBy(static sum => sum.Model, StringComparer.Ordinal))
            {
                var amount = sum.Amount.Amount * net / positive;
                if ((long)(amount * 1_000_000) is > 0 and var weight)
                {
                    yield return new MixCell(new PlanCell(part, family, account.Key.Organisation, account.Key.Channel, sum.Model, CountryOf(account.Key)), weight, sum.Quantity / amount);
                }
            }
        }
    }

    private string CountryOf((string Organisation, string Channel) account) =>
        _countries.TryGetValue(account, out var country) ? country : parties.Organisations.GetValueOrDefault(account.Organisation)?.Country ?? "";

    // A project may have a country of its own; where an account's projects have several, its organisation's counts.
    private static Dictionary<(string, string), string> CountriesOf(PartyTable parties, DateTimeOffset at) => parties.Projects.Values
        .GroupBy(project => (project.Organisation, Channel: project.ChannelAt(at)))
        .Select(static account => (account.Key, Countries: account.Select(static project => project.Country).Distinct(StringComparer.Ordinal).ToArray()))
        .Where(static account => account.Countries is [not null]).ToDictionary(static account => (account.Key.Organisation, account.Key.Channel), static account => account.Countries[0]!);
}
