using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana market</c>: what may be sold to whom, where.</summary>
internal static class MarketVerbs
{
    public static Command Create()
    {
        var project = new Option<string>("--project") { Description = "Who would call.", Required = true };
        var model = new Option<string>("--model") { Description = "The model, or the deployment.", Required = true };
        var channel = new Option<string?>("--channel") { Description = "On which channel; the project's own when left out." };
        var endCustomer = new Option<string?>("--end-customer") { Description = "For whom, if for another." };
        var country = new Option<string?>("--country") { Description = "From which country by its address, if that is known: ISO 3166-1 alpha-2." };
        var at = new Option<DateTimeOffset?>("--at") { Description = "When, such as 2027-01-01T00:00:00Z; now when left out." };
        return AdminVerb.Noun("market", "What may be sold to whom, where.", AdminVerb.Create(
            "explain",
            "Says whether a call would be served, and why: channel, end customer, standing, markets and terms. Exit code 1 when it would not.\n\n"
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
            }));
    }

    private static string? Listed(IReadOnlyList<string>? items) => items is null or [] ? null : string.Join(", ", items);
}
