namespace Dogana.Insight.WhatIf;

/// <summary>What changes need to know beside the plan.</summary>
/// <param name="Owners">The owner of a model.</param>
/// <param name="BanReaches">Does what an owner decides reach a channel?</param>
/// <param name="PricePerUnit">What a unit of a model brought of late, by channel and model; by model alone where the channel is empty.</param>
/// <param name="MeterParts">The part of a model's revenue that is of a meter, by model and meter.</param>
internal sealed record PathFacts(
    IReadOnlyDictionary<string, string> Owners, Func<string, string, bool> BanReaches, IReadOnlyDictionary<(string Channel, string Model), decimal> PricePerUnit,
    IReadOnlyDictionary<(string Model, string Meter), decimal> MeterParts);

/// <summary>
/// What use becomes of changes, a pure function. In this order, whatever the file's: what customers take away and what sellers take from them; what moves to another model; prices. Factors
/// multiply, so that two changes of one customer meet; each cell is rounded to minor units once, at the end. A change that changes nothing leaves every digit as it was.
/// </summary>
internal sealed class ScenarioPath
{
    private readonly RevenuePlan _plan;
    private readonly PathFacts _facts;
    private readonly IReadOnlyList<ScenarioChange> _changes;

    private ScenarioPath(RevenuePlan plan, PathFacts facts, IReadOnlyList<ScenarioChange> changes) => (_plan, _facts, _changes) = (plan, facts, changes);

    /// <summary>The cells, as changes leave them: those of the plan in its order, then those that moving made.</summary>
    /// <param name="plan">What is expected.</param>
    /// <param name="facts">What changes need to know.</param>
    /// <param name="changes">What changes; families by their top.</param>
    public static IReadOnlyList<CellPath> Of(RevenuePlan plan, PathFacts facts, IReadOnlyList<ScenarioChange> changes) => new ScenarioPath(plan, facts, changes).Reckon();

    /// <summary>The part of a cell's use in a month that its sellers can serve, 0 to 1: less than one where an owner bans it, or a channel or a market closes.</summary>
    public static decimal Served(RevenuePlan plan, PathFacts facts, IReadOnlyList<ScenarioChange> changes, PlanCell cell, int month)
    {
        var path = new ScenarioPath(plan, facts, changes);
        return changes.Aggregate(1m, (kept, change) => kept * path.ServedAfter(change, cell, month));
    }

    /// <summary>Is a cell of whoever a change is about?</summary>
    public static bool Covers(ScenarioParty party, string family, string organisation) => party.IsFamily ? family == party.Id : organisation == party.Id;

    private List<CellPath> Reckon()
    {
        var cells = new List<(PlanCell Cell, decimal[] Revenue, decimal[] Units)>();
        var places = new Dictionary<(string, string, string), int>();
        foreach (var cell in _plan.Cells)
        {
            places[Key(cell.Cell)] = cells.Count;
            cells.Add((cell.Cell, [.. cell.Revenue], [.. cell.Units]));
        }

        foreach (var cell in _plan.Cells)
        {
            var place = places[Key(cell.Cell)];
            for (var month = 0; month < _plan.Months; month++)
            {
                // 1. What is left of its use, less what it had in the plan.
                var kept = _changes.Aggregate(1m, (left, change) => left * KeptAfter(change, cell.Cell, month) * ServedAfter(change, cell.Cell, month));
                foreach (var move in _changes.OfType<ScenarioChange.Moves>().Where(move => IsMoved(move, cell.Cell)))
                {
                    // 2. What moves, at the other model's price of a unit.
                    var moved = kept * move.Percent / 100 * (1 - _plan.Before(month, move.From));
                    kept -= moved;
                    if (move.To is { } model && moved > 0)
                    {
                        var target = cells[PlaceOf(cell.Cell with { Model = model })];
                        target.Revenue[month] += cell.Units[month] * moved * PricePerUnit(cell.Cell.Channel, model);
                        target.Units[month] += cell.Units[month] * moved;
                    }
                }

                cells[place].Revenue[month] -= cell.Revenue[month] * (1 - kept);
                cells[place].Units[month] -= cell.Units[month] * (1 - kept);
            }
        }

        // 3. Prices.
        return [.. cells.Select(item => new CellPath(item.Cell, [.. item.Revenue.Select((amount, month) => _plan.Round(amount * PriceOf(item.Cell, month)))], item.Units))];

        int PlaceOf(PlanCell cell)
        {
            if (!places.TryGetValue(Key(cell), out var place))
            {
                places[Key(cell)] = place = cells.Count;
                cells.Add((cell, new decimal[_plan.Months], new decimal[_plan.Months]));
            }

            return place;
        }
    }

    private static (string Organisation, string Channel, string Model) Key(PlanCell cell) => (cell.Organisation, cell.Channel, cell.Model);

    private static bool IsMoved(ScenarioChange.Moves move, PlanCell cell) => cell.Model.Length > 0 && cell.Model != move.To && Covers(move.Who, cell.Family, cell.Organisation);

    private decimal PricePerUnit(string channel, string model) =>
        _facts.PricePerUnit.TryGetValue((channel, model), out var price) ? price : _facts.PricePerUnit.GetValueOrDefault(("", model));

    // What customers take away of themselves.
    private decimal KeptAfter(ScenarioChange change, PlanCell cell, int month) => change switch
    {
        ScenarioChange.Leaves leaves when Covers(leaves.Who, cell.Family, cell.Organisation) => _plan.Before(month, leaves.On),
        ScenarioChange.Declines declines when Covers(declines.Who, cell.Family, cell.Organisation) =>
            1 - declines.Percent / 100 * Math.Clamp((decimal)(month - _plan.MonthOf(declines.From) + 1) / declines.Months, 0m, 1m),
        _ => 1m,
    };

    // What sellers cannot serve any more.
    private decimal ServedAfter(ScenarioChange change, PlanCell cell, int month) => change switch
    {
        ScenarioChange.Banned banned when Covers(banned.Who, cell.Family, cell.Organisation) && _facts.Owners.GetValueOrDefault(cell.Model) == banned.By
            && _facts.BanReaches(banned.By, cell.Channel) => _plan.Before(month, banned.On),
        ScenarioChange.ChannelEnds ends when ends.Channel == cell.Channel => _plan.Before(month, ends.On),
        ScenarioChange.MarketCloses closes when closes.Country == cell.Country => _plan.Before(month, closes.On),
        _ => 1m,
    };

    private decimal PriceOf(PlanCell cell, int month) => _changes.OfType<ScenarioChange.Price>().Where(price => cell.Model.Length > 0
            && (price.Channel is null || price.Channel == cell.Channel) && (price.Model is null || price.Model == cell.Model))
        .Aggregate(1m, (factor, price) => factor * (1 + price.Percent / 100 * (price.Meter is { } meter ? _facts.MeterParts.GetValueOrDefault((cell.Model, meter)) : 1m) * (1 - _plan.Before(month, price.From))));
}
