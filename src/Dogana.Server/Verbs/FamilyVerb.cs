using System.CommandLine;
using System.Text.Json;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana org family X</c>: whom a measure against a party reaches, and why.</summary>
internal static class FamilyVerb
{
    public static Command Create()
    {
        var party = new Argument<string>("party") { Description = "An organisation, or a party that is known from statements." };
        var owner = new Option<string?>("--owner") { Description = "By the rule of this model owner." };
        var rule = new Option<string?>("--rule") { Description = "By this rule." };
        var at = new Option<string?>("--at") { Description = "At this date or instant (UTC) instead of now." };
        var why = new Option<bool>("--why") { Description = "Say for each party by which statements it belongs." };
        var format = new Option<string>("--format") { Description = "text, json, or dot (for Graphviz).", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "json", "dot");
        var family = new Command(
            "family",
            "Lists the affiliates of a party: whoever controls it, is controlled by it, or is controlled by one who controls it.\n\n"
            + "Examples:\n  dogana org family lumen-media --owner northwind --why\n  dogana org family lumen-media --at 2026-01-31 --format dot | dot -Tsvg > family.svg")
        {
            party, owner, rule, at, why, format,
        };
        family.Validators.Add(result =>
        {
            if (result.GetValue(owner) is not null && result.GetValue(rule) is not null)
            {
                result.AddError("Give --owner or --rule, not both.");
            }
        });
        family.SetAction(async (parsed, cancellation) =>
        {
            await using var session = await AdminSession.OpenAsync(parsed, cancellation);
            var (form, output) = (parsed.GetValue(StoreOptions.Json) ? "json" : parsed.GetValue(format)!, parsed.InvocationConfiguration.Output);
            var found = await session.Client.GetFamilyAsync(
                parsed.GetValue(party)!, parsed.GetValue(owner), parsed.GetValue(rule), parsed.GetValue(at), parsed.GetValue(why) || form == "dot", cancellation);
            switch (form)
            {
                case "json":
                    await output.WriteLineAsync(JsonSerializer.Serialize(found, DoganaJson.Indented));
                    break;
                case "dot":
                    FamilyGraph.Write(found, output);
                    break;
                default:
                    Print(found, output);
                    break;
            }

            return ExitCode.Done;
        });
        return family;
    }

    private static void Print(FamilyRecord family, TextWriter output)
    {
        var rule = family.Rule;
        var links = rule.Links.Count == 0 ? "no links" : $"links: {string.Join(", ", rule.Links)}";
        output.WriteLine(
            $"{family.Party} at {family.At:u} by the rule {rule.Id}: {(rule.Inclusive ? "" : "more than ")}{rule.Threshold} %{(rule.Inclusive ? " or more" : "")}, {rule.Chain}, "
            + $"{(rule.Aggregate ? "added up" : "not added up")}, {links}; unknown: {rule.Unknown}");
        if (family.Affiliates.All(static item => item.Why is null))
        {
            var table = new TextTable("party", "kind", "known", "counts", "name");
            foreach (var item in family.Affiliates)
            {
                table.Add(item.Party, item.Kind, item.Certainty, item.Counts, item.Name);
            }

            table.Write(output);
            return;
        }

        foreach (var item in family.Affiliates)
        {
            output.WriteLine($"{item.Party} ({item.Name}, {item.Kind}): {item.Certainty}{(item.Counts == item.Certainty ? "" : $", counts as {item.Counts}")}");
            foreach (var link in item.Why ?? [])
            {
                output.WriteLine($"  {link.Controller} → {link.Controlled}: {link.Basis}{(link.Certainty == "yes" ? "" : " (not certain)")}");
            }
        }
    }
}
