using System.Globalization;
using Dogana.Catalog;
using Dogana.Metering;
using Dogana.Parties;

namespace Dogana.Limits.Capacity;

/// <summary>
/// The usage records of one hour of UTC. A minute counts the units that are held at its first instant: so minutes add up, whatever changes within them.
/// Reserved units count whole, used or not; they cover what is held in their scope, the longest held first, and only what they leave is charged by the hour.
/// </summary>
internal static class HourCharges
{
    private const int Minutes = 60;

    /// <summary>The records, without what they cost.</summary>
    /// <param name="start">The hour's first instant.</param>
    /// <param name="spans">What is held in it.</param>
    /// <param name="reservations">What is reserved in it.</param>
    /// <param name="parties">Whose the projects are.</param>
    public static IReadOnlyList<UsageRecord> Of(
        DateTimeOffset start, IReadOnlyList<ProvisionedSpan> spans, IReadOnlyList<CapacityReservation> reservations, PartyTable parties)
    {
        var end = start.AddMinutes(Minutes);
        var held = spans.OrderBy(static span => span.From).ThenBy(static span => span.Deployment, StringComparer.Ordinal)
            .Select(span => new Held(span, parties.Projects[span.Project], Latest(start, span.From))).ToArray();
        var (reserved, covering) = (new long[reservations.Count], new long[reservations.Count]);
        for (var minute = 0; minute < Minutes; minute++)
        {
            var at = start.AddMinutes(minute);
            var left = new Dictionary<(string Organisation, string Channel, DeploymentType Type, string Region), long>();
            foreach (var (index, item) in reservations.Index().Where(pair => pair.Item.Holds(at)))
            {
                reserved[index] += item.Units;
                var scope = (item.Organisation, item.Channel, item.Type, item.Region);
                left[scope] = left.GetValueOrDefault(scope) + item.Units;
            }

            var used = new Dictionary<(string Organisation, string Channel, DeploymentType Type, string Region), long>();
            foreach (var item in held.Where(item => item.Span.Holds(at)))
            {
                var covered = Math.Min(left.GetValueOrDefault(item.Scope), item.Span.Units);
                left[item.Scope] = left.GetValueOrDefault(item.Scope) - covered;
                used[item.Scope] = used.GetValueOrDefault(item.Scope) + covered;
                item.UnitMinutes += item.Span.Units - covered;
            }

            // Where several reservations are about the same units, the first one covers first.
            foreach (var (index, item) in reservations.Index().Where(pair => pair.Item.Holds(at)))
            {
                var scope = (item.Organisation, item.Channel, item.Type, item.Region);
                var covered = Math.Min(used.GetValueOrDefault(scope), item.Units);
                used[scope] = used.GetValueOrDefault(scope) - covered;
                covering[index] += covered;
            }
        }

        return
        [
            .. held.Where(static item => item.UnitMinutes > 0).Select(item => Record(
                $"capacity/{item.Span.Deployment}", start, item.Since, item.Span.To < end ? item.Span.To.Value : end, item.Scope.Organisation, item.Scope.Channel, item.Span.Model) with
            {
                Project = item.Span.Project,
                Deployment = item.Span.Deployment,
                UnitMinutes = item.UnitMinutes,
            }),
            .. reservations.Index().Where(item => reserved[item.Index] > 0).Select(item => Record(
                $"reservation/{item.Item.Id}", start, Latest(start, item.Item.From), item.Item.To < end ? item.Item.To : end, item.Item.Organisation, item.Item.Channel,
                EnumWords.Of(item.Item.Type)) with
            {
                ReservedUnitMinutes = reserved[item.Index],
                CoveredUnitMinutes = covering[item.Index],
            }),
        ];
    }

    // Its id follows from the hour; what begins within it, by when it begins.
    private static UsageRecord Record(string source, DateTimeOffset hour, DateTimeOffset from, DateTimeOffset to, string organisation, string channel, string model) => new()
    {
        Source = source,
        Id = from == hour ? hour.ToString("yyyy-MM-ddTHHZ", CultureInfo.InvariantCulture) : InstantText.Format(from),
        Project = "",
        Organisation = organisation,
        Channel = channel,
        Key = "",
        Deployment = "",
        Model = model,
        OpenedAt = from,
        ClosedAt = to,
        Ending = CallEnding.Completed,
        InputTokens = 0,
        CachedInputTokens = 0,
        OutputTokens = 0,
    };

    private static DateTimeOffset Latest(DateTimeOffset left, DateTimeOffset right) => left > right ? left : right;

    private sealed class Held(ProvisionedSpan span, Project project, DateTimeOffset since)
    {
        public ProvisionedSpan Span => span;

        /// <summary>From when on in this hour.</summary>
        public DateTimeOffset Since => since;

        /// <summary>Which reservations cover it. Who moves to another channel within the hour is charged on the one where the hour began.</summary>
        public (string Organisation, string Channel, DeploymentType Type, string Region) Scope { get; } = (project.Organisation, project.ChannelAt(since), span.Type, span.Region);

        public long UnitMinutes { get; set; }
    }
}
