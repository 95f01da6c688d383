using System.CommandLine;
using System.Globalization;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana audit</c>: who changed what.</summary>
internal static class AuditVerbs
{
    public static Command Create()
    {
        var limit = new Option<int>("--limit") { Description = "At most so many, 1 to 1000.", DefaultValueFactory = static _ => 50 };
        return AdminVerb.Noun("audit", "Who changed what.", AdminVerb.Create(
            "list", "Lists the newest changes.", [limit],
            (client, parsed, cancellation) => client.ListAuditAsync(parsed.GetValue(limit), cancellation),
            static (rows, output) =>
            {
                var table = new TextTable("no>", "at", "actor", "action", "subject", "detail");
                foreach (var row in rows)
                {
                    table.Add(row.Sequence.ToString(CultureInfo.InvariantCulture), row.At.ToString("u", CultureInfo.InvariantCulture), row.Actor, row.Action, row.Subject, row.Detail);
                }

                table.Write(output);
            }));
    }
}
