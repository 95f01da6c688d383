using System.Collections.Frozen;

namespace Dogana.Catalog;

/// <summary>How the events of a meter make its quantity. Stored by name; grows by appending.</summary>
public enum MeterAggregation
{
    /// <summary>The sum of the events' values.</summary>
    Sum = 1,

    /// <summary>How many events there were.</summary>
    Count = 2,

    /// <summary>The highest value of a window.</summary>
    Max = 3,

    /// <summary>The value of a window's last event, by the events' time; of two at one time the one whose source and id are greater.</summary>
    Last = 4,

    /// <summary>How many different values there were in a window.</summary>
    Unique = 5,
}

/// <summary>In what time max, last and unique are taken, in the customer's time zone. Stored by name; grows by appending.</summary>
public enum MeterWindow
{
    /// <summary>A month of the calendar.</summary>
    Month = 1,

    /// <summary>A day of the calendar.</summary>
    Day = 2,

    /// <summary>An hour.</summary>
    Hour = 3,
}

/// <summary>A meter of one's own: what outside events count. Never changes once an event was taken in.</summary>
/// <param name="Meter">Its name.</param>
/// <param name="Unit">What one of it is, for people: <c>image</c>.</param>
/// <param name="Aggregation">How events make its quantity.</param>
/// <param name="EventType">The <c>type</c> of its CloudEvents; no other meter has it.</param>
/// <param name="ValueField">The key in an event's data that holds the value.</param>
/// <param name="Dimensions">What an event may say further, by name: kept as tags.</param>
/// <param name="Window">In what time max, last and unique are taken; sum and count have no use for it.</param>
public sealed record MeterDefinition(
    Meter Meter, string Unit, MeterAggregation Aggregation, string EventType, string ValueField, IReadOnlyList<string> Dimensions, MeterWindow Window)
{
    /// <summary>Does each event stand for itself, so that quantities only need adding?</summary>
    public bool IsAdditive => Aggregation is MeterAggregation.Sum or MeterAggregation.Count;

    /// <summary>Was an event of it taken in?</summary>
    public bool IsUsed { get; init; }
}

/// <summary>The meters of one's own, at one moment. Immutable.</summary>
public sealed class MeterTable
{
    private readonly FrozenDictionary<string, MeterDefinition> _byEventType;
    private readonly FrozenDictionary<Meter, MeterDefinition> _byMeter;

    /// <summary>Builds the table.</summary>
    public MeterTable(IReadOnlyList<MeterDefinition> definitions)
    {
        Definitions = definitions;
        _byEventType = definitions.ToFrozenDictionary(static definition => definition.EventType, StringComparer.Ordinal);
        _byMeter = definitions.ToFrozenDictionary(static definition => definition.Meter);
    }

    /// <summary>All of them, by name.</summary>
    public IReadOnlyList<MeterDefinition> Definitions { get; }

    /// <summary>The meter that events of a type count, or null.</summary>
    public MeterDefinition? FindByEventType(string eventType) => _byEventType.GetValueOrDefault(eventType);

    /// <summary>A meter's definition; null for those that are built in, or not declared.</summary>
    public MeterDefinition? Find(Meter meter) => _byMeter.GetValueOrDefault(meter);
}
