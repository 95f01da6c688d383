namespace Dogana.Conduct.Reaching;

/// <summary>
/// The measures that an organisation is under: those that it was under before one more was counted, and that one. Organisations under the same measures
/// share it, so that a family costs what one of its members costs. What holds is sorted out when the first call of one of them asks.
/// </summary>
/// <param name="before">The measures counted before; null where there are none.</param>
/// <param name="channels">The one more, once for each channel that it names.</param>
internal sealed class MetMeasures(MetMeasures? before, IReadOnlyList<StandingMeasure> channels)
{
    private Dictionary<(string Owner, string Channel), ByModel>? _holding;

    /// <summary>What holds for a call, hardest first.</summary>
    public IReadOnlyList<StandingMeasure> Find(string owner, string model, string channel)
    {
        // Calls at once may make it twice: it is the same.
        var holding = _holding ??= Holding();
        return holding.TryGetValue((owner, channel), out var measures) ? measures.On(model) : [];
    }

    /// <summary>All of them, once for each channel that they name; hardest first.</summary>
    public IReadOnlyList<StandingMeasure> All() => [.. Each().OrderByDescending(static item => item.Measure.Hardness)
        .ThenByDescending(static item => item.Member)
        .ThenBy(static item => item.Measure.StartsAt)
        .ThenBy(static item => item.Measure.Id, StringComparer.Ordinal)
        .ThenBy(static item => item.Channel, StringComparer.Ordinal)];

    private Dictionary<(string Owner, string Channel), ByModel> Holding() => All().Where(static item => item.Reach == MeasureReach.Holds)
        .GroupBy(static item => (item.Measure.Owner, item.Channel)).ToDictionary(static held => held.Key, static held => new ByModel([.. held]));

    private IEnumerable<StandingMeasure> Each()
    {
        for (var met = this; met is not null; met = met.Before)
        {
            foreach (var item in met.Channels)
            {
                yield return item;
            }
        }
    }

    private MetMeasures? Before { get; } = before;

    private IReadOnlyList<StandingMeasure> Channels { get; } = channels;

    /// <summary>What holds for one owner and channel: for any model, and for those that a measure names.</summary>
    private sealed class ByModel
    {
        private readonly IReadOnlyList<StandingMeasure> _any;
        private readonly Dictionary<string, IReadOnlyList<StandingMeasure>> _named;

        public ByModel(IReadOnlyList<StandingMeasure> measures)
        {
            _any = [.. measures.Where(static item => item.Measure.Models[0] == Measure.All)];
            _named = measures.SelectMany(static item => item.Measure.Models).Where(static model => model != Measure.All).Distinct(StringComparer.Ordinal).ToDictionary(
                static model => model,
                model => (IReadOnlyList<StandingMeasure>)[.. measures.Where(item => item.Measure.Models[0] == Measure.All || item.Measure.Models.Contains(model, StringComparer.Ordinal))],
                StringComparer.Ordinal);
        }

        public IReadOnlyList<StandingMeasure> On(string model) => _named.GetValueOrDefault(model, _any);
    }
}
