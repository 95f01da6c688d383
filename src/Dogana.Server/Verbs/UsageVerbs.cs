using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana usage</c>: what was used, and what it costs.</summary>
internal static class UsageVerbs
{
    public static Command Create()
    {
        var after = new Option<long>("--after") { Description = "Start behind this number." };
        var limit = new Option<int>("--limit") { Description = "At most so many, 1 to 1000.", DefaultValueFactory = static _ => 100 };
        var tag = new Option<string?>("--tag") { Description = "Only what is marked with this tag, name=value." };
        var project = new Option<string?>("--project") { Description = "Only this project's." };
        var key = new Option<string?>("--key") { Description = "Only what came with the key of this id." };
        return AdminVerb.Noun(
            "usage", "What was used, and what it costs.",
            AdminVerb.Create(
                "list", "Lists usage records in the order of intake.\n\nExample:\n  dogana usage list --tag team=search --project acme-shop", [after, limit, tag, project, key],
                (client, parsed, cancellation) => client.ListUsageAsync(
                    parsed.GetValue(after), parsed.GetValue(limit), parsed.GetValue(tag), parsed.GetValue(project), parsed.GetValue(key), cancellation),
                static (records, output) => AdminTables.WriteUsage(records, output)),
            AdminVerb.Create(
                "rated", "Lists rated lines: what each meter of each call costs, and by which price.", [after, limit],
                (client, parsed, cancellation) => client.ListRatedLinesAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
                static (lines, output) => AdminTables.WriteLines(lines, output)));
    }
}
