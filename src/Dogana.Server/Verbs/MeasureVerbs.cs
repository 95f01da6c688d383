using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana measure</c>: what model owners decide against customers and their families.</summary>
internal static class MeasureVerbs
{
    public static Command Create() => AdminVerb.Noun(
        "measure", "What model owners decide against customers and their families.",
        Propose(), Suspend(), Approve(), Reject(), Decide(), Release(), Lift(), Show(), List());

    private static Command Propose()
    {
        var level = new Option<string>("--level") { Description = "What it does: warn, throttle, limit, suspend or terminate.", Required = true };
        level.AcceptOnlyFromAmong("warn", "throttle", "limit", "suspend", "terminate");
        var requests = new Option<long?>("--requests-per-minute") { Description = "For throttle." };
        var tokens = new Option<long?>("--tokens-per-day") { Description = "For limit." };
        var from = Instant("--from", "The first instant in force: a date (UTC) or an instant; the approval when left out.");
        var to = Instant("--to", "The first instant no longer in force; until it is lifted when left out.");
        var (organisation, owner, reason, models, channels) = (Organisation(), Owner(), Reason("For the customer, who reads it."), Ids("--models"), Ids("--channels"));
        return AdminVerb.Create(
            "propose",
            "Proposes a measure. Nothing holds until another person approves it.\n\nExample:\n"
            + "  dogana measure propose lumen-media --owner northwind --level throttle --requests-per-minute 60 --reason \"Rate far beyond the declared use.\"",
            [organisation, owner, level, models, channels, requests, tokens, from, to, reason],
            (client, parsed, cancellation) => client.ProposeMeasureAsync(
                new ProposeMeasureRequest(
                    parsed.GetValue(organisation)!, parsed.GetValue(owner)!, parsed.GetValue(level)!, parsed.GetValue(reason)!, Given(parsed, models), Given(parsed, channels),
                    parsed.GetValue(requests), parsed.GetValue(tokens), parsed.GetValue(from), parsed.GetValue(to)),
                cancellation),
            static (measure, output) => output.WriteLine(
                $"The measure {measure.Id} ({measure.Level}) against {measure.Organisation} is proposed by {measure.ProposedBy}. Another person approves it: dogana measure approve {measure.Id}"));
    }

    private static Command Suspend()
    {
        var urgency = new Option<string?>("--urgency") { Description = "Why it does not wait for a second person; on record." };
        var (organisation, owner, reason, models, channels) = (Organisation(), Owner(), Reason("For the customer, who reads it."), Ids("--models"), Ids("--channels"));
        return AdminVerb.Create(
            "suspend",
            "Suspends a whole family from an owner's models at once, on the owner's channel and wherever the agreements carry it.\n\nExample:\n"
            + "  dogana measure suspend lumen-media --owner northwind --reason \"Outputs trained a competing model.\"",
            [organisation, owner, models, channels, reason, urgency],
            (client, parsed, cancellation) => client.SuspendAsync(
                new SuspendRequest(
                    parsed.GetValue(organisation)!, parsed.GetValue(owner)!, parsed.GetValue(reason)!, parsed.GetValue(urgency), Level: null, Given(parsed, models),
                    Given(parsed, channels)),
                cancellation),
            static (measure, output) => output.WriteLine($"The family {measure.Family} is suspended from {measure.Owner}'s models since {measure.StartsAt:u} (measure {measure.Id})."));
    }

    private static Command Approve()
    {
        var id = Id();
        return AdminVerb.Create(
            "approve", "Puts a proposed measure in force; not by whoever proposed it.\n\nExample:\n  DOGANA_OPERATOR=berta dogana measure approve ID", [id],
            (client, parsed, cancellation) => client.ApproveMeasureAsync(parsed.GetValue(id)!, cancellation),
            static (measure, output) => output.WriteLine($"The measure {measure.Id} ({measure.Level}) against {measure.Organisation} holds from {measure.StartsAt:u}."));
    }

    private static Command Reject()
    {
        var id = Id();
        return AdminVerb.Create(
            "reject", "Rejects a proposed measure, or takes the own proposal back.\n\nExample:\n  dogana measure reject ID", [id],
            (client, parsed, cancellation) => client.RejectMeasureAsync(parsed.GetValue(id)!, cancellation),
            static (measure, output) => output.WriteLine($"The measure {measure.Id} is rejected: it never holds."));
    }

    private static Command Decide()
    {
        var (id, reason) = (Id(), Reason("Why, for the customers and the model owner."));
        var channel = new Option<string>("--channel") { Description = "The seller's channel.", Required = true };
        var adopt = new Option<bool>("--adopt") { Description = "It holds on the channel." };
        var decline = new Option<bool>("--decline") { Description = "It does not; while there is time." };
        var command = AdminVerb.Create(
            "decide", "Records what the seller of a channel decides about a measure.\n\nExample:\n  dogana measure decide ID --channel skyharbour --decline --reason \"The use on our channel is within the terms.\"",
            [id, channel, adopt, decline, reason],
            (client, parsed, cancellation) => client.DecideMeasureAsync(
                parsed.GetValue(id)!, new DecideMeasureRequest(parsed.GetValue(channel)!, parsed.GetValue(adopt) ? "adopt" : "decline", parsed.GetValue(reason)!), cancellation),
            static (decision, output) => output.WriteLine($"On the channel {decision.Channel} the measure {(decision.Decision == "adopt" ? "holds" : "does not hold")} by decision of {decision.DecidedBy}."));
        command.Validators.Add(result =>
        {
            if (result.GetValue(adopt) == result.GetValue(decline))
            {
                result.AddError("Give --adopt or --decline.");
            }
        });
        return command;
    }

    private static Command Release()
    {
        var (id, reason) = (Id(), Reason("Why."));
        var organisation = new Argument<string>("organisation") { Description = "The member." };
        return AdminVerb.Create(
            "release", "Releases an organisation that was a member of the family when the measure was approved, and is none any more.\n\nExample:\n  dogana measure release ID lumen-toys --reason \"Sold to strangers.\"",
            [id, organisation, reason],
            (client, parsed, cancellation) => client.ReleaseMemberAsync(parsed.GetValue(id)!, new ReleaseMemberRequest(parsed.GetValue(organisation)!, parsed.GetValue(reason)!), cancellation),
            static (member, output) => output.WriteLine($"{member.Organisation} is released."));
    }

    private static Command Lift()
    {
        var id = Id();
        var reason = new Option<string?>("--reason") { Description = "Why; needed for a termination." };
        return AdminVerb.Create(
            "lift", "Lifts a measure: what was is again.\n\nExample:\n  dogana measure lift ID --reason \"The training data was removed.\"", [id, reason],
            (client, parsed, cancellation) => client.LiftAsync(parsed.GetValue(id)!, parsed.GetValue(reason), cancellation),
            static (measure, output) => output.WriteLine($"The measure {measure.Id} against {measure.Organisation} is lifted."));
    }

    private static Command Show()
    {
        var id = Id();
        return AdminVerb.Create(
            "show", "Shows a measure with its members, channels and decisions.\n\nExample:\n  dogana measure show ID", [id],
            (client, parsed, cancellation) => client.GetMeasureAsync(parsed.GetValue(id)!, cancellation), StandingText.Write);
    }

    private static Command List()
    {
        var organisation = new Option<string?>("--organisation") { Description = "Only those taken against it." };
        var owner = new Option<string?>("--owner") { Description = "Only those of this model owner." };
        var state = new Option<string?>("--state") { Description = "Only those that are proposed, rejected, scheduled, in_force, ended or lifted." };
        return AdminVerb.Create(
            "list", "Lists all measures, whatever became of them.\n\nExample:\n  dogana measure list --state in_force", [organisation, owner, state],
            (client, parsed, cancellation) => client.ListMeasuresAsync(parsed.GetValue(organisation), parsed.GetValue(owner), parsed.GetValue(state), cancellation),
            static (measures, output) =>
            {
                var table = new TextTable("id", "organisation", "family", "owner", "level", "state", "since", "lifted", "reason");
                foreach (var item in measures)
                {
                    table.Add(
                        item.Id, item.Organisation, item.Family, item.Owner, item.Level, item.State, AdminTables.Day(item.StartsAt), item.LiftedAt is { } at ? AdminTables.Day(at) : "-",
                        item.Reason);
                }

                table.Write(output);
            });
    }

    private static Argument<string> Id() => new("id") { Description = "The measure's id." };

    private static Argument<string> Organisation() => new("organisation") { Description = "The organisation; its affiliates share the measure." };

    private static Option<string> Owner() => new("--owner") { Description = "The model owner whose models are meant.", Required = true };

    private static Option<string> Reason(string description) => new("--reason") { Description = description, Required = true };

    private static string[]? Given(ParseResult parsed, Option<string[]> ids) => parsed.GetValue(ids) is { Length: > 0 } given ? given : null;

    private static Option<string[]> Ids(string name) => new(name)
    {
        Description = "Ids with commas between them; all when left out.",
        CustomParser = static result => result.Tokens.SelectMany(static token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray(),
    };

    private static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = static result =>
        {
            if (DateTimeOffset.TryParseExact(
                result.Tokens[0].Value, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ", "yyyy-MM-ddTHH:mm:ss.FFFFFFZ"], CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            {
                return instant;
            }

            result.AddError($"'{result.Tokens[0].Value}' is not a date or an instant in UTC. Write 2026-01-31 or 2026-01-31T08:00:00Z.");
            return null;
        },
    };
}
