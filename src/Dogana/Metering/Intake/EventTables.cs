using System.Globalization;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Parties;
using NodaTime;

namespace Dogana.Metering.Intake;

/// <summary>What events are held against: meters, models and parties of one version of the configuration.</summary>
internal sealed record EventTables(long Version, MeterTable Meters, CatalogTable Catalog, PartyTable Parties)
{
    /// <summary>The most that one event can count: sums of many of them must fit in 64 bits.</summary>
    public const long ValueMax = 1_000_000_000_000_000;

    /// <summary>What an event takes back.</summary>
    public static Outcome<UsageKey> Target(UsageEvent wanted)
    {
        var (source, id) = (Find("source"), Find("id"));
        return source is null || id is null
            ? new Problem(ProblemCode.InvalidRequest, "data.source and data.id say which event is taken back.", source is null ? "data.source" : "data.id")
            : new UsageKey(source, id);

        string? Find(string name) => wanted.Fields.FirstOrDefault(field => field.Name == name && field.Kind == JsonValueKind.String)?.Text;
    }

    /// <summary>The usage record of an event. Where its meter has windows, its quantity is not known yet.</summary>
    public Outcome<(UsageRecord Record, MeterDefinition Meter)> Resolve(UsageEvent read, DateTimeOffset now)
    {
        if (Meters.FindByEventType(read.Type) is not { } meter)
        {
            return new Problem(ProblemCode.MeterUnknown, $"No meter counts events of type '{read.Type}'. Declare one under meters in the world file, or send '{Dogana.Catalog.Meters.VoidEventType}' to take an event back.", "type");
        }

        var at = read.Time ?? now;
        if (at > now + EventIntake.AheadMax)
        {
            return new Problem(ProblemCode.UsageFromFuture, $"time is {InstantText.Format(at)}, which is more than {EventIntake.AheadMax.TotalMinutes:0} minutes ahead of the clock here. Send it when it has happened.", "time");
        }

        if (!Owner(read, at).TryGet(out var owner, out var problem))
        {
            return problem;
        }

        if (read.Model is { } model && !Catalog.Models.ContainsKey(model))
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no model '{model}'. Name one of the catalogue, or leave data.model out.", "data.model");
        }

        if (read.Dimensions.FirstOrDefault(pair => !meter.Dimensions.Contains(pair.Key, StringComparer.Ordinal)).Key is { } strange)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The meter '{meter.Meter}' has no dimension '{strange}'. Leave it out, or declare a meter that has it.", $"data.dimensions.{strange}");
        }

        if (!Value(read, meter).TryGet(out var value, out problem))
        {
            return problem;
        }

        return (new UsageRecord
        {
            Source = read.Key.Source,
            Id = read.Key.Id,
            Project = read.Project ?? "",
            Organisation = owner.Organisation,
            Channel = owner.Channel,
            Key = "",
            Deployment = "",
            Model = read.Model ?? meter.Meter.Name, // as prices without a model stand under their meter's name
            OpenedAt = meter.IsAdditive ? at : WindowStart(meter.Window, at, Parties.Organisations[owner.Organisation].TimeZone),
            ClosedAt = at,
            Ending = CallEnding.Completed,
            InputTokens = 0,
            CachedInputTokens = 0,
            OutputTokens = 0,
            Tags = read.Dimensions.Count == 0 ? null : string.Join(',', read.Dimensions.Select(static pair => $"{pair.Key}={pair.Value}")),
            Meter = meter.Meter.Name,
            Quantity = meter.IsAdditive ? value.Number : 0,
            EventValue = meter.IsAdditive ? null : value.Text,
            PayloadHash = read.Hash,
        }, meter);
    }

    private Outcome<(string Organisation, string Channel)> Owner(UsageEvent read, DateTimeOffset at)
    {
        if (read.Project is { } project)
        {
            return !Parties.Projects.TryGetValue(project, out var found)
                ? new Problem(ProblemCode.NotFound, $"There is no project '{project}'. The subject is a project's id.", "subject")
                : read.Organisation is not null && read.Organisation != found.Organisation
                    ? new Problem(ProblemCode.InvalidRequest, $"The project '{project}' is of '{found.Organisation}'. Leave data.organisation out.", "data.organisation")
                    : read.Channel is not null
                        ? new Problem(ProblemCode.InvalidRequest, $"The subject says which channel it is. Leave data.channel out.", "data.channel")
                        : (found.Organisation, found.ChannelAt(at));
        }

        return read.Organisation is null ? new Problem(ProblemCode.InvalidRequest, "subject is missing. It is a project's id; or data names an organisation and a channel.", "subject")
            : read.Channel is null ? new Problem(ProblemCode.InvalidRequest, "data.channel is missing beside data.organisation.", "data.channel")
            : !Parties.Organisations.ContainsKey(read.Organisation) ? new Problem(ProblemCode.NotFound, $"There is no organisation '{read.Organisation}'.", "data.organisation")
            : !Parties.Channels.ContainsKey(read.Channel) ? new Problem(ProblemCode.NotFound, $"There is no channel '{read.Channel}'.", "data.channel")
            : (read.Organisation, read.Channel);
    }

    private static Outcome<(long Number, string Text)> Value(UsageEvent read, MeterDefinition meter)
    {
        if (read.Fields.FirstOrDefault(field => meter.Aggregation == MeterAggregation.Count || field.Name != meter.ValueField) is { } strange)
        {
            return new Problem(
                ProblemCode.InvalidRequest, $"The meter '{meter.Meter}' has no use for data.{strange.Name}. Leave it out{(meter.Aggregation == MeterAggregation.Count ? "" : $"; its value is data.{meter.ValueField}")}.",
                $"data.{strange.Name}");
        }

        if (meter.Aggregation == MeterAggregation.Count)
        {
            return (1, "1");
        }

        var param = $"data.{meter.ValueField}";
        if (read.Fields is not [var value])
        {
            return new Problem(ProblemCode.InvalidRequest, $"{param} is missing: the meter '{meter.Meter}' takes its value from it.", param);
        }

        if (meter.Aggregation == MeterAggregation.Unique)
        {
            return (1, value.Text);
        }

        return value.Kind == JsonValueKind.Number && long.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= ValueMax
            ? (number, value.Text)
            : new Problem(ProblemCode.InvalidRequest, $"{param} is '{value.Text}'. Send a whole number from 0 to {ValueMax}; choose a smaller unit for fractions, and take an event back to correct it.", param);
    }

    private static DateTimeOffset WindowStart(MeterWindow window, DateTimeOffset at, string timeZone)
    {
        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        var local = Instant.FromDateTimeOffset(at).InZone(zone);
        var start = window switch
        {
            MeterWindow.Hour => Instant.FromDateTimeOffset(at) - Duration.FromTicks(local.TickOfDay % NodaConstants.TicksPerHour),
            MeterWindow.Day => zone.AtStartOfDay(local.Date).ToInstant(),
            _ => zone.AtStartOfDay(new LocalDate(local.Year, local.Month, 1)).ToInstant(),
        };
        return start.ToDateTimeOffset();
    }
}
