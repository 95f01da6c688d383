using System.CommandLine;
using System.Globalization;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana filter</c>: what content filters found.</summary>
internal static class FilterVerbs
{
    public static Command Create() => AdminVerb.Noun("filter", "Content filters. World files declare them.", Report());

    private static Command Report()
    {
        var project = new Option<string?>("--project") { Description = "Of this project only." };
        var policy = new Option<string?>("--policy") { Description = "Of this policy only." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "report",
            "Shows what content filters found in the last seven days, as counts of calls by hour. No text is kept.\n\nExample:\n  dogana filter report --project shop",
            [project, policy, limit, after],
            (client, parsed, cancellation) => client.ListFilterFindingsAsync(
                parsed.GetValue(project), parsed.GetValue(policy), after: parsed.GetValue(after), limit: parsed.GetValue(limit), cancellation: cancellation),
            static (page, output) =>
            {
                var table = new TextTable("hour", "project", "policy", "source", "category", "severity", "filtered", "calls>");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Hour.ToString("u", CultureInfo.InvariantCulture), item.Project, item.Policy, item.Source, item.Category, item.Severity, item.Filtered ? "yes" : "no",
                        item.Count.ToString(CultureInfo.InvariantCulture));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }
}
