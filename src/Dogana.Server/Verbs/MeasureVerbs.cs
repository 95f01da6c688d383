using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana measure</c>: what model owners decide against families.</summary>
internal static class MeasureVerbs
{
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "Its id." };
        var organisation = new Argument<string>("organisation") { Description = "Any organisation of the family." };
        var owner = new Option<string>("--owner") { Description = "The model owner whose models are meant.", Required = true };
        var reason = new Option<string>("--reason") { Description = "For the customer.", Required = true };
        return AdminVerb.Noun(
            "measure", "What model owners decide against families.",
            AdminVerb.Create(
                "suspend",
                "Suspends a whole family from an owner's models, on the owner's channel and on every bound one.\n\nExample:\n  dogana measure suspend lumen-media --owner northwind --reason \"Outputs trained a competing model.\"",
                [organisation, owner, reason],
                (client, parsed, cancellation) => client.SuspendAsync(
                    new SuspendRequest(parsed.GetValue(organisation)!, parsed.GetValue(owner)!, parsed.GetValue(reason)!), cancellation),
                static (measure, output) => output.WriteLine($"The family {measure.Family} is suspended from {measure.Owner}'s models since {measure.StartsAt:u} (measure {measure.Id}).")),
            AdminVerb.Create(
                "lift", "Lifts a measure: what was is again.", [id],
                (client, parsed, cancellation) => client.LiftAsync(parsed.GetValue(id)!, cancellation),
                static (measure, output) => output.WriteLine($"The measure {measure.Id} against {measure.Family} is lifted.")),
            AdminVerb.Create(
                "list", "Lists all measures, the lifted ones too.", [],
                static (client, _, cancellation) => client.ListMeasuresAsync(cancellation),
                static (measures, output) =>
                {
                    var table = new TextTable("id", "family", "owner", "level", "since", "lifted", "reason");
                    foreach (var item in measures)
                    {
                        table.Add(item.Id, item.Family, item.Owner, item.Level, AdminTables.Day(item.StartsAt), item.LiftedAt is { } at ? AdminTables.Day(at) : "-", item.Reason);
                    }

                    table.Write(output);
                }));
    }
}
