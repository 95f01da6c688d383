using Dogana.Insight.Arithmetic;
using Dogana.Parties;

namespace Dogana.Insight.Revenue;

/// <summary>What each party of an axis brought.</summary>
internal sealed class AxisReader(RevenueReader reader, InsightAxis axis)
{
    private readonly CustomerScan _scan = new(reader.Session, reader.Scope);
    private OwnershipView? _ownership;
    private PartyPlaces? _places;

    /// <summary>The amounts of some windows of months, in one go through the customers where the axis is theirs.</summary>
    /// <param name="windows">The windows.</param>
    /// <param name="spent">Amounts of this reader that nobody needs any more: of a million customers they are large, and are written over.</param>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public async Task<AxisAmounts> ReadAsync(IReadOnlyList<MonthWindow> windows, AxisAmounts? spent = null)
    {
        if (axis is not (InsightAxis.Counterparty or InsightAxis.Family))
        {
            return await ReadFewAsync(windows);
        }

        var places = await PlacesAsync();
        var amounts = windows.Select((_, window) => window < spent?.Windows.Count ? spent.Windows[window] : new Int128[places.Count]).ToArray();
        foreach (var one in amounts)
        {
            Array.Clear(one);
        }

        await _scan.RunAsync(windows, byChannel: false, (party, _, window, pico) => amounts[window][places.Of(party)] += pico);
        return new AxisAmounts(amounts, wanted => places.NamesAsync(reader.Session, wanted));
    }

    /// <summary>What of the year before is kept in a window, by channel; the axis is one of customers.</summary>
    /// <exception cref="ProblemException">No exchange rate is in force where one is needed.</exception>
    public async Task<Retention> ReadRetentionAsync(MonthWindow window)
    {
        var places = await PlacesAsync();
        var cells = new ChannelCells(places.Count);
        await _scan.RunAsync([window.YearBefore, window], byChannel: true, (party, channel, place, pico) => cells.Add(places.Of(party), channel, isAfter: place == 1, pico));
        return cells.ToRetention(reader.Scope.Currency);
    }

    /// <summary>The family of each customer that has another name than its own, at the end of the scope's last month; none on other axes.</summary>
    public async Task<IReadOnlyDictionary<string, string>> FamiliesAsync()
    {
        if (axis != InsightAxis.Family)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        _ownership ??= (await PartyRegister.ReadOwnershipAsync(reader.Session)).At(reader.Scope.To.LastInstant());
        return _ownership.Families();
    }

    /// <summary>The names of parties, where they have one.</summary>
    public async Task<IReadOnlyDictionary<string, string>> NamesAsync(IEnumerable<string> parties) => axis switch
    {
        InsightAxis.Channel => reader.Scope.Parties.Channels.Values.ToDictionary(static channel => channel.Id, static channel => channel.Name, StringComparer.Ordinal),
        InsightAxis.Model => new Dictionary<string, string>(StringComparer.Ordinal),
        _ => (await PartyRegister.ReadOfAsync(reader.Session, parties)).Organisations.Values.ToDictionary(static organisation => organisation.Id, static organisation => organisation.Name, StringComparer.Ordinal),
    };

    private async Task<PartyPlaces> PlacesAsync() => _places ??= await PartyPlaces.ReadAsync(reader.Session, await _scan.CountAsync(), await FamiliesAsync());

    private async Task<AxisAmounts> ReadFewAsync(IReadOnlyList<MonthWindow> windows)
    {
        var sums = new List<(string Party, int Window, Int128 Amount)>();
        for (var window = 0; window < windows.Count; window++)
        {
            foreach (var sum in await reader.SumAsync(windows[window].From, windows[window].To, axis == InsightAxis.Channel ? RevenueAxes.Channel : RevenueAxes.Model))
            {
                sums.Add((PartyOf(sum), window, ExactRatio.Pico(sum.Amount)));
            }
        }

        string[] parties = [.. sums.Select(static sum => sum.Party).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var amounts = windows.Select(_ => new Int128[parties.Length]).ToArray();
        foreach (var (party, window, amount) in sums)
        {
            amounts[window][Array.BinarySearch(parties, party, StringComparer.Ordinal)] += amount;
        }

        return new AxisAmounts(amounts, wanted => Task.FromResult<IReadOnlyDictionary<int, string>>(wanted.ToDictionary(static place => place, place => parties[place])));
    }

    private string PartyOf(RevenueSum sum) => axis switch
    {
        InsightAxis.Channel => sum.Channel,
        InsightAxis.Model => sum.Model,
        _ => reader.Scope.OwnerOf(sum.Model),
    };
}
