using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana terms</c>: terms of use, and who accepted them.</summary>
internal static class TermsVerbs
{
    public static Command Create() => AdminVerb.Noun("terms", "Terms of use, and who accepted them.", List(), Show(), Accept(), ListAcceptances());

    private static Argument<string> Id() => new("terms") { Description = "Their id." };

    private static Command List()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the terms with their newest version, announced ones too.\n\nExample:\n  dogana terms list", [limit, after],
            (client, parsed, cancellation) => client.ListTermsAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "owner", "models", "channels", "newest", "in force from", "accept by", "name");
                foreach (var item in page.Data)
                {
                    var newest = item.Versions[^1];
                    table.Add(
                        item.Id, item.Owner, Names(item.Models), Names(item.Channels), newest.Version, PageOptions.Day(newest.EffectiveFrom), PageOptions.Day(newest.AcceptBy), item.Name);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var id = Id();
        return AdminVerb.Create(
            "show", "Shows the versions of terms and the licence exceptions from them.\n\nExample:\n  dogana terms show northwind-use", [id],
            (client, parsed, cancellation) => client.GetTermsAsync(parsed.GetValue(id)!, cancellation),
            static (terms, output) =>
            {
                output.WriteLine($"{terms.Name} ({terms.Id}), of {terms.Owner}; models: {Names(terms.Models)}; channels: {Names(terms.Channels)}");
                var versions = new TextTable("version", "in force from", "accept by", "serve", "log", "evaluate", "train", "competing", "text");
                foreach (var item in terms.Versions)
                {
                    versions.Add(
                        item.Version, Instant(item.EffectiveFrom), Instant(item.AcceptBy), Word(item.Serve), Word(item.Log), Word(item.Evaluate), Word(item.Train),
                        item.CompetingModels, item.TextUrl ?? $"sha256 {item.TextSha256}");
                }

                versions.Write(output);
                if (terms.Exceptions.Count > 0)
                {
                    var exceptions = new TextTable("exception", "organisation", "grants", "from", "to", "approved by", "reason");
                    foreach (var item in terms.Exceptions)
                    {
                        exceptions.Add(item.Id, item.Organisation, string.Join(", ", item.Grants), Instant(item.From), Instant(item.To), item.ApprovedBy, item.Reason);
                    }

                    exceptions.Write(output);
                }
            });
    }

    private static Command Accept()
    {
        var id = Id();
        var organisation = new Option<string>("--organisation") { Description = "Who accepts.", Required = true };
        var by = new Option<string>("--by") { Description = "The person, by name and role.", Required = true };
        var version = new Option<string?>("--version") { Description = "The version; the newest one, which may be announced only, when left out." };
        return AdminVerb.Create(
            "accept",
            "Records that an organisation accepts a version of the terms, and with it the earlier ones. Accepting again changes nothing.\n\n"
            + "Example:\n  dogana terms accept northwind-use --organisation acme-retail --by \"Ana Weiss, head of legal\"",
            [id, organisation, by, version],
            (client, parsed, cancellation) => client.AcceptTermsAsync(
                parsed.GetValue(id)!, new AcceptTermsRequest(parsed.GetValue(organisation)!, parsed.GetValue(by)!, parsed.GetValue(version)), cancellation),
            static (item, output) => output.WriteLine($"{item.Organisation} accepted {item.Terms}, version {item.Version}: {item.AcceptedBy}, {item.AcceptedAt:u}."));
    }

    private static Command ListAcceptances()
    {
        var id = Id();
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "acceptances", "Lists who accepted which version.\n\nExample:\n  dogana terms acceptances northwind-use", [id, limit, after],
            (client, parsed, cancellation) => client.ListAcceptancesAsync(parsed.GetValue(id)!, parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("organisation", "version", "accepted by", "at", "recorded by");
                foreach (var item in page.Data)
                {
                    table.Add(item.Organisation, item.Version, item.AcceptedBy, Instant(item.AcceptedAt), item.Actor);
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static string Names(IReadOnlyList<string>? names) => names is null ? "all" : string.Join(", ", names);

    private static string Word(bool flag) => flag ? "yes" : "no";

    private static string Instant(DateTimeOffset? at) => at is { } instant ? instant.ToString("u", CultureInfo.InvariantCulture) : "-";
}
