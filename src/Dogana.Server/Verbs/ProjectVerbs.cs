using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana project</c>: where projects buy.</summary>
internal static class ProjectVerbs
{
    public static Command Create()
    {
        var id = new Argument<string>("project") { Description = "Its id." };
        var channel = new Option<string>("--channel") { Description = "Where to.", Required = true };
        var at = new Option<DateTimeOffset?>("--at") { Description = "The first instant there, such as 2027-01-01T00:00:00Z; in ten seconds, when every node knows of it, when left out." };
        var gaps = new Option<bool>("--accept-gaps") { Description = "Move it even where some model would no longer be served." };
        var cancelAt = new Option<DateTimeOffset>("--at") { Description = "The move's instant.", Required = true };
        return AdminVerb.Noun(
            "project", "Projects and the channels that they buy on.",
            AdminVerb.Create(
                "list", "Lists the projects, each with its channel now and its moves.", [],
                static (client, _, cancellation) => client.ListProjectsAsync(cancellation),
                static (projects, output) =>
                {
                    var table = new TextTable("id", "organisation", "channel", "resells", "moves");
                    foreach (var item in projects)
                    {
                        table.Add(item.Id, item.Organisation, item.Channel, item.Resells ? "yes" : "no", item.Moves.Count == 0 ? "-" : string.Join(", ", item.Moves.Select(static move => $"{move.Channel} at {move.At:u}")));
                    }

                    table.Write(output);
                }),
            AdminVerb.Create(
                "move",
                "Moves a project to another channel: its keys go on, and from that instant calls are sold there.\n\nExample:\n  dogana project move acme-shop --channel cloud --at 2027-01-01T00:00:00Z",
                [id, channel, at, gaps],
                (client, parsed, cancellation) => client.MoveProjectAsync(
                    parsed.GetValue(id)!, new MoveRequest(parsed.GetValue(channel)!, parsed.GetValue(at), parsed.GetValue(gaps)), cancellation),
                static (project, output) => output.WriteLine(project.Moves is [.., var last] ? $"The project {project.Id} buys on {last.Channel} from {last.At:u} on." : $"The project {project.Id} buys on {project.Channel}.")),
            AdminVerb.Create(
                "cancel-move", "Takes back a move that lies in the future.\n\nExample:\n  dogana project cancel-move acme-shop --at 2027-01-01T00:00:00Z", [id, cancelAt],
                (client, parsed, cancellation) => client.CancelMoveAsync(parsed.GetValue(id)!, parsed.GetValue(cancelAt), cancellation),
                static (project, output) => output.WriteLine($"The project {project.Id} stays on {project.Channel}.")));
    }
}
