using Dogana.Storage;

namespace Dogana.Catalog;

/// <summary>The declared meters of one's own.</summary>
public static class Meters
{
    /// <summary>The type of the event that takes another one back: no meter can have it.</summary>
    public const string VoidEventType = "dogana.usage.void";

    /// <summary>All of them.</summary>
    public static async Task<MeterTable> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select id as Id, unit as Unit, aggregation as Aggregation, event_type as EventType, value_field as ValueField, dimensions as Dimensions,
                time_window as TimeWindow, is_used as IsUsed
            from own_meter
            """);
        return new MeterTable([.. rows.Select(static row => row.ToDefinition()).OrderBy(static definition => definition.Meter)]);
    }

    /// <summary>Makes the store hold what is declared; what is not named stays.</summary>
    /// <exception cref="ProblemException">A meter with events would change, or another one has the event type.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, IReadOnlyList<MeterDefinition> wanted)
    {
        ArgumentNullException.ThrowIfNull(session);
        var present = await ReadAsync(session);
        foreach (var definition in wanted)
        {
            if (present.Find(definition.Meter) is { IsUsed: true } used && Row.Of(used) != Row.Of(definition) with { IsUsed = 1 })
            {
                throw Refused(ProblemCode.Conflict, $"Meter '{definition.Meter}' has events and cannot change. Declare another meter with an event type of its own.");
            }

            if (present.FindByEventType(definition.EventType) is { } other && other.Meter != definition.Meter)
            {
                throw Refused(ProblemCode.InvalidRequest, $"Meter '{definition.Meter}': events of type '{definition.EventType}' are counted by meter '{other.Meter}'. Use another type.");
            }
        }

        // Whether there are events is not declared.
        var known = present.Definitions.ToDictionary(static definition => definition.Meter, static definition => definition.IsUsed);
        return await session.DeclareAsync(
            "meter", present.Definitions, [.. wanted.Select(definition => definition with { IsUsed = known.GetValueOrDefault(definition.Meter) })], static definition => definition.Meter.Name,
            """
            insert into own_meter(id, unit, aggregation, event_type, value_field, dimensions, time_window)
            values(@Id, @Unit, @Aggregation, @EventType, @ValueField, @Dimensions, @TimeWindow)
            on conflict(id) do update set unit = excluded.unit, aggregation = excluded.aggregation, event_type = excluded.event_type,
                value_field = excluded.value_field, dimensions = excluded.dimensions, time_window = excluded.time_window
            """,
            Row.Of);
    }

    /// <summary>Says that events of a meter are in the store now: from here on it cannot change.</summary>
    public static async Task MarkUsedAsync(StoreSession session, Meter meter)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(meter);
        await session.ExecuteAsync("update own_meter set is_used = 1 where id = @Name", new { meter.Name });
        session.ChangesConfiguration();
    }

    private static ProblemException Refused(ProblemCode code, string message) => new(new Problem(code, message, "meters"));

    private sealed record Row(string Id, string Unit, string Aggregation, string EventType, string ValueField, string Dimensions, string TimeWindow, long IsUsed)
    {
        public static Row Of(MeterDefinition definition) => new(
            definition.Meter.Name, definition.Unit, definition.Aggregation.ToString(), definition.EventType, definition.ValueField,
            string.Join(' ', definition.Dimensions), definition.Window.ToString(), definition.IsUsed ? 1 : 0);

        public MeterDefinition ToDefinition() => new(
            Meter.Find(Id) ?? throw new InvalidOperationException($"The store has a meter '{Id}'."), Unit, Enum.Parse<MeterAggregation>(Aggregation), EventType, ValueField,
            Dimensions.Split(' ', StringSplitOptions.RemoveEmptyEntries), Enum.Parse<MeterWindow>(TimeWindow)) { IsUsed = IsUsed == 1 };
    }
}
