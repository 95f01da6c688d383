using System.Text.Json;
using Dogana.Audit;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Settlement.Exports;
using Dogana.Storage;

namespace Dogana.Settlement;

/// <summary>The channel exports, and the hours that they reported.</summary>
public static class ChannelExports
{
    /// <summary>Adds exports or changes them. One that has begun can only be ended.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="parties">The parties, as this transaction leaves them.</param>
    /// <param name="wanted">The exports.</param>
    /// <param name="now">Now.</param>
    /// <exception cref="ProblemException">Something declared is invalid or would report usage twice; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, PartyTable parties, IReadOnlyList<ChannelExport> wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        ArgumentNullException.ThrowIfNull(wanted);
        var present = await ReadAsync(session);
        foreach (var export in wanted)
        {
            if (Wrong(export, parties) is { } reason)
            {
                throw Refused(ProblemCode.InvalidRequest, $"Channel export '{export.Id}': {reason}");
            }

            if (present.FirstOrDefault(other => other.Id == export.Id) is { } before && before.From <= now
                && (Text(export) != Text(before) || (export.To != before.To && export.To < now)))
            {
                throw Refused(ProblemCode.Conflict, $"Channel export '{export.Id}' has begun. End it with a 'to' that is to come, and add another one from then on.");
            }
        }

        ChannelExport[] all = [.. present.Where(export => wanted.All(other => other.Id != export.Id)), .. wanted];
        foreach (var (one, other) in all.SelectMany((one, index) => all.Skip(index + 1).Select(other => (one, other))))
        {
            if (one.Channel == other.Channel && (one.To is not { } end || end > other.From) && (other.To is not { } stop || stop > one.From)
                && (one.Resource == other.Resource || one.Organisation is null || other.Organisation is null || one.Organisation == other.Organisation))
            {
                throw Refused(ProblemCode.Conflict, $"Channel exports '{one.Id}' and '{other.Id}' would report the same usage or resource twice. Give each its own organisation and resource, or end the one where the other begins.");
            }
        }

        return await ExportRows.DeclareAsync(session, present, wanted);

        static string Text(ChannelExport export) => JsonSerializer.Serialize(export with { To = null });
    }

    /// <summary>All exports, by id.</summary>
    public static Task<IReadOnlyList<ChannelExport>> ReadAsync(StoreSession session) => ExportRows.ReadAsync(session);

    /// <summary>
    /// Counts the hours of a channel's exports that are closed, each once, ever, and gives those that are to be sent: within [from, to), given out and neither
    /// acknowledged nor expired. Giving them out again gives the same.
    /// </summary>
    public static async Task<Outcome<IReadOnlyList<(ChannelExport Export, ExportedHour Hour)>>> WriteAsync(
        StoreSession session, string channel, ExportFormat format, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var exports = (await ReadAsync(session)).Where(export => export.Channel == channel && export.Format == format).ToArray();
        if (exports.Length == 0)
        {
            return new Problem(ProblemCode.NotFound, $"Channel '{channel}' has no export of the format {EnumWords.Of(format)}. Declare it under channel_exports.", "channel");
        }

        var written = new List<(ChannelExport, ExportedHour)>();
        foreach (var export in exports)
        {
            await HourCount.RunAsync(session, export, now);
            written.AddRange((await ExportRows.ReadWrittenAsync(session, export.Id, from, to)).Where(hour => !export.IsExpired(hour.Hour, now)).Select(hour => (export, hour)));
        }

        return written;
    }

    /// <summary>Keeps what the marketplace said of an hour. <see cref="ExportState.Accepted"/> and <see cref="ExportState.Duplicate"/> both say that it has it.</summary>
    public static async Task<Problem?> AcknowledgeAsync(
        StoreSession session, string channel, DateTimeOffset hour, string resource, string dimension, ExportState state, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (state is not (ExportState.Accepted or ExportState.Duplicate or ExportState.Expired))
        {
            return new Problem(ProblemCode.InvalidRequest, "A marketplace answers accepted, duplicate or expired. Write one of them.", "result");
        }

        if (await ExportRows.FindAsync(session, channel, hour, resource, dimension) is not { Quantity: > 0 } found)
        {
            return new Problem(ProblemCode.NotFound, $"Nothing was written for channel '{channel}', {InstantText.Format(hour)}, '{resource}', '{dimension}'.", "hour");
        }

        if (found.State == state)
        {
            return null;
        }

        // That the marketplace has it is never taken back: whoever asks again late is told that it is too late.
        if (found.State is ExportState.Accepted or ExportState.Duplicate)
        {
            return state == ExportState.Expired
                ? new Problem(ProblemCode.Conflict, $"The marketplace has this hour: it is {EnumWords.Of(found.State)}.", "result") : null;
        }

        await ExportRows.SetStateAsync(session, found, state);
        await AuditLog.WriteAsync(session, now, actor, "export.acknowledge", $"{channel}/{InstantText.Format(hour)}/{resource}/{dimension}", EnumWords.Of(state));
        return null;
    }

    /// <summary>At most <paramref name="limit"/> counted hours of a channel after a key, in the order of their keys.</summary>
    public static Task<IReadOnlyList<ExportedHour>> ListAsync(StoreSession session, string channel, string after, int limit) => ExportRows.ReadAfterAsync(session, channel, after, limit);

    /// <summary>An hour's key in lists: hour, resource and dimension.</summary>
    public static string KeyOf(ExportedHour hour)
    {
        ArgumentNullException.ThrowIfNull(hour);
        return $"{InstantText.Format(hour.Hour)}|{hour.Resource}|{hour.Dimension}";
    }

    private static string? Wrong(ChannelExport export, PartyTable parties) =>
        !parties.Channels.ContainsKey(export.Channel) ? $"there is no channel '{export.Channel}'. Declare it."
        : export.Organisation is { } organisation && !parties.Organisations.ContainsKey(organisation) ? $"there is no organisation '{organisation}'. Declare it."
        : export.To <= export.From ? "it ends before it begins. Give a 'to' after 'from', or none."
        : new[] { export.From, export.To }.Any(static at => at is { } instant && instant.Ticks % TimeSpan.TicksPerHour != 0) ? "it does not begin or end with an hour. Write whole hours of UTC."
        : export.Format == ExportFormat.Azure && export.Plan is null ? "Azure's events name a plan. Write it."
        : export.Format == ExportFormat.Aws && export.Customer is null ? "AWS's records name the customer's account. Write it."
        : export.Dimensions.Count == 0 || export.Dimensions.Select(static dimension => dimension.Dimension).Distinct(StringComparer.Ordinal).Count() < export.Dimensions.Count
            ? "it has no dimension, or one twice. Write each once."
        : export.Dimensions.Any(static dimension => dimension.UnitsPerQuantity < 1 || dimension.Included < 0 || dimension.Meters.Count == 0) ? "a dimension counts nothing. Give it meters and units_per_quantity of 1 or more."
        : export.Dimensions.Any(static dimension => dimension.Meters.Contains(Meter.ReservedUnitMinutes)) ? "reserved unit minutes are no model's. Take them out of its meters."
        : null;

    private static ProblemException Refused(ProblemCode code, string message) => new(new Problem(code, message, "channel_exports"));
}
