using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana standing</c>: how an organisation stands with every model owner.</summary>
internal static class StandingVerb
{
    public static Command Create()
    {
        var organisation = new Argument<string>("organisation") { Description = "The organisation." };
        var why = new Option<bool>("--why") { Description = "Say what makes it a member of each measure, the dates, and who decided." };
        return AdminVerb.Create(
            "standing",
            "Says how an organisation stands with every model owner. Exit 1 when a measure of the level throttle or harder holds on some channel.\n\nExample:\n  dogana standing lumen-media --why",
            [organisation, why],
            (client, parsed, cancellation) => client.GetStandingAsync(parsed.GetValue(organisation)!, cancellation),
            (standing, parsed, output) => StandingText.Write(standing, parsed.GetValue(why), output));
    }
}

/// <summary>Measures and standing for people.</summary>
internal static class StandingText
{
    public static void Write(StandingRecord standing, bool why, TextWriter output)
    {
        foreach (var owner in standing.Owners)
        {
            output.WriteLine(
                $"{owner.Owner}: {(owner.Measures.Count == 0 ? "in good standing" : owner.InGoodStanding ? "in good standing, with measures" : "NOT in good standing")}");
            foreach (var met in owner.Measures)
            {
                var may = met.Member == "yes" ? "" : "; whether it is under it is not known";
                output.WriteLine($"  {met.Measure.Level} (measure {met.Measure.Id}{may}): {met.Measure.Reason}");
                if (why)
                {
                    output.WriteLine($"    member: {met.Basis}");
                    WriteDates(met.Measure, output);
                }

                WriteChannels(met.Channels, why ? met.Decisions : [], output);
            }
        }
    }

    public static void Write(MeasureDetail detail, TextWriter output)
    {
        var measure = detail.Measure;
        output.WriteLine($"{measure.Id}: {measure.Level} by {measure.Owner} against {measure.Organisation}, {measure.State}");
        output.WriteLine($"    reason: {measure.Reason}");
        WriteDates(measure, output);
        WriteChannels(detail.Channels, detail.Decisions, output);
        foreach (var member in detail.Members)
        {
            var state = member.Member switch { "yes" => "", "no" when member.ReleasedAt is { } at => $" (released {at:u} by {member.ReleasedBy}: {member.ReleaseReason})", var other => $" ({other})" };
            output.WriteLine($"    member {member.Organisation}{state}: {member.Basis}");
        }
    }

    private static void WriteDates(MeasureRecord measure, TextWriter output)
    {
        var limit = measure.RequestsPerMinute is { } requests ? $", {requests} requests a minute" : measure.TokensPerDay is { } tokens ? $", {tokens} tokens a day" : "";
        output.WriteLine($"    about: models {string.Join(", ", measure.Models)}; channels {string.Join(", ", measure.Channels)}{limit}");
        output.WriteLine($"    from {measure.StartsAt:u}{(measure.EndsAt is { } end ? $" to {end:u}" : " until it is lifted")}");
        output.WriteLine($"    proposed {measure.ProposedAt:u} by {measure.ProposedBy}");
        if (measure.ApprovedAt is { } approved)
        {
            output.WriteLine($"    approved {approved:u} by {measure.ApprovedBy}{(measure.Urgency is { } ground ? $" alone: {ground}" : "")}");
        }

        if (measure.RejectedAt is { } rejected)
        {
            output.WriteLine($"    rejected {rejected:u} by {measure.RejectedBy}");
        }

        if (measure.LiftedAt is { } lifted)
        {
            output.WriteLine($"    lifted {lifted:u} by {measure.LiftedBy}{(measure.LiftReason is { } reason ? $": {reason}" : "")}");
        }
    }

    private static void WriteChannels(IReadOnlyList<MeasureChannelRecord> channels, IReadOnlyList<MeasureDecisionRecord> decisions, TextWriter output)
    {
        foreach (var item in channels)
        {
            var until = item.ReachChangesAt is { } at ? $" until {at:u}" : "";
            output.WriteLine($"    channel {item.Channel}: {item.Reach.Replace('_', ' ')}{until}");
        }

        foreach (var decision in decisions)
        {
            output.WriteLine($"    decided on {decision.Channel}: {decision.Decision}, {decision.DecidedAt:u} by {decision.DecidedBy}: {decision.Reason}");
        }
    }
}
