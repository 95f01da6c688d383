using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana market</c>: what may be sold to whom.</summary>
internal static class MarketVerbs
{
    public static Command Create() => AdminVerb.Noun("market", "What may be sold to whom.", List(), Explain());

    private static Command List()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the markets and market rules, past and future ones too.\n\nExample:\n  dogana market list", [limit, after],
            (client, parsed, cancellation) => client.ListMarketRulesAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("rule", "effect", "where it matches", "from", "to", "source");
                foreach (var item in page.Data)
                {
                    table.Add(item.Rule, item.Effect, Conditions(item), PageOptions.Day(item.From), PageOptions.Day(item.To), item.Source ?? "-");
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Explain()
    {
        var project = new Option<string>("--project") { Description = "The project.", Required = true };
        var model = new Option<string>("--model") { Description = "The model.", Required = true };
        var organisation = new Option<string?>("--organisation") { Description = "The end customer, where the project resells." };
        var country = new Option<string?>("--country") { Description = "Another country than the customer's." };
        var channel = new Option<string?>("--channel") { Description = "Another channel than the project's." };
        var at = new Option<string?>("--at") { Description = "Another instant than now, such as 2026-01-31T08:00:00Z." };
        return AdminVerb.Create(
            "explain",
            "Says what the market rules decide, and by which rules. Exits with 1 where a call would be refused.\n\n"
            + "Examples:\n  dogana market explain --project lumen-app --model clerk-1\n  dogana market explain --project lumen-app --model clerk-1 --country CN --channel direct --at 2027-01-01T00:00:00Z",
            [project, model, organisation, country, channel, at],
            (client, parsed, cancellation) => client.ExplainMarketAsync(
                new MarketQuestion(parsed.GetValue(project)!, parsed.GetValue(model)!)
                {
                    Organisation = parsed.GetValue(organisation),
                    Country = parsed.GetValue(country),
                    Channel = parsed.GetValue(channel),
                    At = parsed.GetValue(at),
                },
                cancellation),
            static (answer, output) =>
            {
                output.WriteLine($"{answer.Verdict}: '{answer.Model}' for '{answer.Organisation}' in {answer.Country} on '{answer.Channel}', at {answer.At:u}");
                output.WriteLine($"uses: {(answer.Uses.Count == 0 ? "none declared" : string.Join(", ", answer.Uses))}");
                output.WriteLine($"must run in: {(answer.UpstreamRegions is { } regions ? string.Join(" or ", regions) : "any region")}; labels: {(answer.Labels.Count == 0 ? "none" : string.Join(", ", answer.Labels))}");
                var table = new TextTable("says", "rule", "why");
                foreach (var finding in answer.Findings)
                {
                    table.Add(finding.Verdict, finding.Rule, finding.Text);
                }

                table.Write(output);
            });
    }

    private static string Conditions(MarketRuleRecord rule)
    {
        (string Name, string? Value)[] all =
        [
            ("countries", Text(rule.Countries)), ("models", Text(rule.Models)), ("owners", Text(rule.Owners)), ("channels", Text(rule.Channels)), ("uses", Text(rule.Uses)),
            ("owned from", Text(rule.OwnedFrom)), ("own model", rule.OwnModel is { } own ? own ? "yes" : "no" : null), ("→ regions", Text(rule.UpstreamRegions)),
            ("→ labels", rule.Labels.Count == 0 ? null : Text(rule.Labels)),
        ];
        var said = all.Where(static item => item.Value is not null).Select(static item => $"{item.Name} {item.Value}").ToArray();
        return said.Length == 0 ? "always" : string.Join("; ", said);

        static string? Text(IReadOnlyList<string>? list) => list is null ? null : string.Join(",", list);
    }
}
