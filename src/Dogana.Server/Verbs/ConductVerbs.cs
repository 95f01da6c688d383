using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana conduct</c>: what is looked for in the use of models, and how much of it is seen.</summary>
internal static class ConductVerbs
{
    public static Command Create() => AdminVerb.Noun("conduct", "What is looked for in the use of models, and how much of it is seen.", Coverage(), Export(), Import(), Indicators(), Remove());

    private static Command Coverage()
    {
        var from = new Option<DateTimeOffset?>("--from") { Description = "The first hour: a date or an instant in UTC; a day ago where it is left out." };
        var limit = PageOptions.Limit();
        return AdminVerb.Create(
            "coverage", "Shows how many served calls were looked at, by hour and node. What was dropped was not seen.\n\nExample:\n  dogana conduct coverage --from 2026-01-01", [from, limit],
            (client, parsed, cancellation) => client.GetConductCoverageAsync(parsed.GetValue(from), parsed.GetValue(limit), cancellation),
            static (hours, output) =>
            {
                var table = new TextTable("hour", "node", "served>", "looked at>", "dropped>", "findings refused>");
                foreach (var hour in hours)
                {
                    table.Add(hour.Hour.ToString("yyyy-MM-ddTHH'Z'", CultureInfo.InvariantCulture), hour.Node, Text(hour.Offered), Text(hour.LookedAt), Text(hour.Dropped), Text(hour.Refused));
                }

                table.Write(output);
            });
    }

    private static Command Export() => AdminVerb.Create(
        "export", "Writes all signatures that are looked for, as a document that others can import: no text of customers.\n\nExample:\n  dogana conduct export > indicators.json", [],
        static (client, _, cancellation) => client.ExportIndicatorsAsync(cancellation),
        static (found, output) => output.WriteLine(found.Document));

    private static Command Import()
    {
        var (id, file) = (Id(), new Argument<FileInfo>("file") { Description = "The document: JSON of the format dogana-conduct-indicators/1." });
        return AdminVerb.Create(
            "import", "Takes a set of indicators over from others: looked for from now on, beside those that Dogana ships. Again under the same name takes its place.\n\nExample:\n  dogana conduct import forum indicators.json",
            [id, file],
            async (client, parsed, cancellation) => parsed.GetValue(file) is { Exists: true } found
                ? await client.ImportIndicatorsAsync(parsed.GetValue(id)!, await File.ReadAllTextAsync(found.FullName, cancellation), cancellation)
                : throw new DoganaException(404, "not_found", $"There is no file {parsed.GetValue(file)!.FullName}.", ""),
            static (set, output) => output.WriteLine($"{set.Id} (version {set.Version}): {Text(set.Signatures.Count)} signatures are looked for."));
    }

    private static Command Indicators() => AdminVerb.Create(
        "indicators", "Lists the sets of indicators that were taken over from others.\n\nExample:\n  dogana conduct indicators", [],
        static (client, _, cancellation) => client.ListIndicatorsAsync(cancellation),
        static (sets, output) =>
        {
            var table = new TextTable("name", "version", "signatures>", "imported", "by");
            foreach (var set in sets)
            {
                table.Add(set.Id, set.Version, Text(set.Signatures.Count), PageOptions.Day(set.ImportedAt), set.ImportedBy);
            }

            table.Write(output);
        });

    private static Command Remove()
    {
        var id = Id();
        return AdminVerb.Create(
            "remove", "Removes a set of indicators.\n\nExample:\n  dogana conduct remove forum", [id],
            (client, parsed, cancellation) => client.RemoveIndicatorsAsync(parsed.GetValue(id)!, cancellation),
            static (set, output) => output.WriteLine($"{set.Id} is looked for no more."));
    }

    private static Argument<string> Id() => new("name") { Description = "The set's name." };

    private static string Text(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
