using System.Globalization;
using System.Text.Json;
using Dogana.Audit;
using Dogana.Catalog;
using Dogana.Metering.Intake;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>Takes events from outside in as usage, each exactly once, at any age. Thread-safe.</summary>
public sealed class EventIntake(Store store, TimeProvider time)
{
    private EventTables? _tables;

    /// <summary>The most events of one request.</summary>
    public const int EventsMax = UsageIntake.BatchMax;

    /// <summary>How far an event's time may be ahead of the clock here.</summary>
    public static TimeSpan AheadMax { get; } = TimeSpan.FromMinutes(5);

    /// <summary>Reads the events of a request: one object, or an array of them.</summary>
    public static Outcome<IReadOnlyList<(UsageKey? Key, Outcome<UsageEvent> Event)>> Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Array)
        {
            return new[] { CloudEventReader.Read(body) };
        }

        if (body.GetArrayLength() is var length && length is 0 or > EventsMax)
        {
            return new Problem(ProblemCode.InvalidRequest, string.Create(CultureInfo.InvariantCulture, $"There are {length} events. Send 1 to {EventsMax} in a request."));
        }

        var events = new (UsageKey?, Outcome<UsageEvent>)[length];
        var index = 0;
        foreach (var item in body.EnumerateArray())
        {
            events[index++] = CloudEventReader.Read(item);
        }

        return events;
    }

    /// <summary>Takes the events in, in one transaction, and answers for each in order. What is refused keeps nothing else back.</summary>
    public Task<IReadOnlyList<EventOutcome>> AcceptAsync(
        IReadOnlyList<(UsageKey? Key, Outcome<UsageEvent> Event)> events, string actor, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(events);
        return store.WriteAsync<IReadOnlyList<EventOutcome>>(session => AcceptAsync(session, events, actor), cancellation);
    }

    private async Task<IReadOnlyList<EventOutcome>> AcceptAsync(StoreSession session, IReadOnlyList<(UsageKey? Key, Outcome<UsageEvent> Event)> events, string actor)
    {
        var now = time.GetUtcNow();
        var tables = await ReadTablesAsync(session);
        var outcomes = new EventOutcome[events.Count];
        var batch = new EventBatch(session, tables, now);

        // 1. What is new comes before what is right: an event that was taken in once is a duplicate, whatever has become of its project or meter since.
        var sound = new List<(int Index, UsageEvent Event)>(events.Count);
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (events[i].Event.TryGet(out var read, out var problem))
            {
                sound.Add((i, read));
            }
            else
            {
                outcomes[i] = new EventOutcome(events[i].Key, IntakeResult.Refused, problem);
            }
        }

        var sorted = await UsageRows.SortAsync(session, [.. sound.Select(static item => (item.Event.Key, item.Event.Hash))]);

        // 2. What is right is taken in; usage first, so that what takes it back finds it.
        foreach (var (item, _) in sound.Zip(sorted).Where(static pair => pair.Second == IntakeResult.Accepted))
        {
            await batch.AddAsync(item.Event);
        }

        var accepted = await batch.SaveAsync();

        // 3. A repeat within the request of what was refused is refused too.
        foreach (var ((index, read), result) in sound.Zip(sorted))
        {
            outcomes[index] = batch.Refused.TryGetValue(read.Key, out var why) && result != IntakeResult.Conflict ? new EventOutcome(read.Key, IntakeResult.Refused, why)
                : result != IntakeResult.Conflict ? new EventOutcome(read.Key, result, null)
                : new EventOutcome(read.Key, result, new Problem(
                    ProblemCode.UsageConflict, $"Another event '{read.Key.Id}' of '{read.Key.Source}' was sent before, and stays. Take it back, or send this one under an id of its own.", "id"));
        }

        if (accepted > 0)
        {
            await AuditLog.WriteAsync(session, now, actor, "usage.accept", sound[0].Event.Key.Source, string.Create(CultureInfo.InvariantCulture, $"{accepted} of {events.Count} events"));
        }

        return outcomes;
    }

    // They change seldom, and reading them takes longer than a batch.
    private async Task<EventTables> ReadTablesAsync(StoreSession session)
    {
        var version = await session.LastAsync(StoreSession.ConfigurationVersion);
        var tables = Volatile.Read(ref _tables);
        if (tables?.Version != version)
        {
            tables = new EventTables(version, await Meters.ReadAsync(session), await CatalogRegister.ReadAsync(session), await PartyRegister.ReadAsync(session));
            Volatile.Write(ref _tables, tables);
        }

        return tables;
    }
}
