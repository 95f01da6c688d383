using Dogana.Conduct;

namespace Dogana.Apply.Reading;

/// <summary>Makes a measure of what was read.</summary>
internal static class MeasureReading
{
    public static DeclaredMeasure Read(ReadItem item, FaultCollector faults)
    {
        var isLifted = item.Find<bool>("lifted") ?? false;
        if (isLifted != item.Has("lift_reason"))
        {
            faults.Add(
                item.PlaceOf("lift_reason"), isLifted ? "It is lifted without a reason." : "There is a reason for lifting it, and it is not lifted.",
                "Write both 'lifted: true' and lift_reason, or neither.");
        }

        var (proposedBy, approvedBy) = (item.Get<string>("proposed_by"), item.Get<string>("approved_by"));
        if (proposedBy == approvedBy != item.Has("urgency"))
        {
            faults.Add(
                item.PlaceOf("approved_by"),
                item.Has("urgency") ? "Two people decided, and there is a ground for one alone." : $"'{approvedBy}' approves what '{proposedBy}' proposed: the same person.",
                "Name another person and no urgency, or the same person and the urgency.");
        }

        if (item.Find<DateTimeOffset>("to") <= item.Find<DateTimeOffset>("from"))
        {
            faults.Add(item.PlaceOf("to"), "It ends before it begins.", "Write a 'to' after 'from', or delete it: then it holds until it is lifted.");
        }

        var level = MeasureNames.Find<MeasureLevel>(item.Get<string>("level"))!.Value;
        var proposal = new MeasureProposal(item.Get<string>("organisation"), item.Get<string>("owner"), level, item.Get<string>("reason"))
        {
            Models = item.Has("models") ? item.Get<IReadOnlyList<string>>("models") : [Measure.All],
            Channels = item.Has("channels") ? item.Get<IReadOnlyList<string>>("channels") : [Measure.All],
            RequestsPerMinute = item.Find<long>("requests_per_minute"),
            TokensPerDay = item.Find<long>("tokens_per_day"),
            From = item.Find<DateTimeOffset>("from"),
            To = item.Find<DateTimeOffset>("to"),
        };
        return new DeclaredMeasure(item.Get<string>("id"), proposal, proposedBy, approvedBy, item.FindText("urgency"), isLifted, item.FindText("lift_reason"));
    }
}
