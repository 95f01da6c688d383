using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana market</c>: what may be sold to whom, where.</summary>
internal static class MarketVerbs
{
    public static Command Create() => AdminVerb.Noun("market", "What may be sold to whom, where.", List(), Explain());

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
        var project = new Option<string>("--project") { Description = "Who would call.", Required = true };
        var model = new Option<string>("--model") { Description = "The model, or the deployment.", Required = true };
        var channel = new Option<string?>("--channel") { Description = "On which channel; the project's own when left out." };
        var endCustomer = new Option<string?>("--end-customer") { Description = "For whom, if for another." };
        var country = new Option<string?>("--country") { Description = "From which country by its address, if that is known: ISO 3166-1 alpha-2." };
        var at = new Option<DateTimeOffset?>("--at") { Description = "When, such as 2027-01-01T00:00:00Z; now when left out." };
        return AdminVerb.Create(
            "explain",
            "Says whether a call would be served, and why: release waves, retirement, channel, end customer, standing, markets and terms. Exit code 1 when it would not.\n\n"
            + "Example:\n  dogana market explain --project acme-shop --model clerk-1 --country FR",
            [project, model, channel, endCustomer, country, at],
            (client, parsed, cancellation) => client.ExplainAsync(
                parsed.GetValue(project)!, parsed.GetValue(model)!, parsed.GetValue(channel), parsed.GetValue(endCustomer), parsed.GetValue(country), parsed.GetValue(at), cancellation),
            static (told, output) =>
            {
                output.WriteLine($"{told.Project} of {told.Organisation} on {told.Channel}, {told.Model}{(told.EndCustomer is { } named ? $", for {named}" : "")}: {told.Verdict}, {(told.IsServed ? "served" : "refused")}.");
                var table = new TextTable("verdict", "rule", "why");
                foreach (var finding in told.Findings)
                {
                    table.Add(finding.Verdict, finding.Rule, finding.Text);
                }

                table.Write(output);
                foreach (var (what, value) in new[] { ("Runs only on", Listed(told.Upstreams)), ("Runs only in", Listed(told.Regions)), ("Marked", told.Labels), ("Under the measures", Listed(told.Measures)) })
                {
                    if (value is not null)
                    {
                        output.WriteLine($"{what}: {value}.");
                    }
                }
            });
    }

    private static string? Listed(IReadOnlyList<string>? items) => items is null or [] ? null : string.Join(", ", items);

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
