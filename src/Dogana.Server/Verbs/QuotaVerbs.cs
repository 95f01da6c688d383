using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana quota</c>: what organisations may use in a minute, and why a call was refused.</summary>
internal static class QuotaVerbs
{
    public static Command Create() => AdminVerb.Noun("quota", "What organisations may use in a minute of which model, and why a limit refuses a call.", List(), Show(), Set(), Allot());

    private static Command List()
    {
        var organisation = new Option<string?>("--organisation") { Description = "Of this organisation only." };
        var model = new Option<string?>("--model") { Description = "Of this model only." };
        var region = new Option<string?>("--region") { Description = "In this region only." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the quotas, each with what it refused, or would have, of the refusals that are kept.\n\nExample:\n  dogana quota list --organisation acme", [organisation, model, region, limit, after],
            (client, parsed, cancellation) => client.ListQuotasAsync(
                parsed.GetValue(organisation), parsed.GetValue(model), parsed.GetValue(region), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "organisation", "model", "region", "tokens/min>", "requests/min>", "unallotted>", "window", "mode", "refused>", "observed>");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Id, item.Organisation, item.Model, item.Region, Number(item.TokensPerMinute), item.RequestsPerMinute is { } requests ? LimitText.Number(requests) : "-",
                        Number(item.Unallotted), item.Window, item.Mode, Number(item.Refused), Number(item.Observed));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var id = new Argument<string?>("id") { Description = "A quota.", Arity = ArgumentArity.ZeroOrOne };
        var project = new Option<string?>("--project") { Description = "Who would call." };
        var deployment = new Option<string?>("--deployment") { Description = "What would be called." };
        var tokens = new Option<long?>("--tokens") { Description = "For how many tokens, prompt and output; the deployment's default_output_cap when left out." };
        var key = new Option<string?>("--key") { Description = "By which key, by its id." };
        var call = new Option<string?>("--call") { Description = "A call that happened: what the client saw in x-request-id." };
        var show = AdminVerb.Create<object>(
            "show",
            "Shows how a quota stands over all nodes; or every limit that a call would count against, and what it would be told now (exit code 1: it would be refused); or which limit "
            + "refused a call that happened.\n\nExamples:\n  dogana quota show acme-gpt\n  dogana quota show --project acme-shop --deployment gpt --tokens 4000\n  dogana quota show --call 019a2b3c-…",
            [id, project, deployment, tokens, key, call],
            async (client, parsed, cancellation) => parsed.GetValue(id) is { } quota ? await client.GetQuotaAsync(quota, cancellation)
                : parsed.GetValue(call) is { } happened ? await client.ListRefusalsAsync(call: happened, cancellation: cancellation)
                : await client.ExplainLimitsAsync(parsed.GetValue(project)!, parsed.GetValue(deployment)!, parsed.GetValue(tokens), parsed.GetValue(key), cancellation),
            LimitText.Write);
        show.Validators.Add(result =>
        {
            var wanted = new[] { result.GetValue(id) is not null, result.GetValue(call) is not null, result.GetValue(project) is not null || result.GetValue(deployment) is not null };
            if (wanted.Count(static item => item) != 1 || result.GetValue(project) is null != result.GetValue(deployment) is null)
            {
                result.AddError("Give the id of a quota, or --project and --deployment, or --call.");
            }
        });
        return show;
    }

    private static Command Set()
    {
        var id = new Argument<string>("id") { Description = "The quota." };
        var organisation = new Option<string?>("--organisation") { Description = "Whose it is; for a new one." };
        var model = new Option<string?>("--model") { Description = "Of which model; for a new one." };
        var region = new Option<string?>("--region") { Description = "In which region; global for a new one when left out." };
        var tokens = new Option<long?>("--tokens-per-minute") { Description = "How many tokens a minute." };
        var window = new Option<string?>("--window") { Description = "minute: anew with each minute of the clock. sliding: the last 60 seconds." };
        window.AcceptOnlyFromAmong("minute", "sliding");
        var slice = new Option<int?>("--request-slice") { Description = "In slices of how many seconds requests are checked: 1, 10 or 60." };
        var mode = new Option<string?>("--mode") { Description = "enforce: refuses. observe: serves, counts and shows." };
        mode.AcceptOnlyFromAmong("enforce", "observe");
        return AdminVerb.Create(
            "set", "Adds a quota or changes it, at once; what is left out stays.\n\nExamples:\n  dogana quota set acme-gpt --organisation acme --model gpt --tokens-per-minute 100000\n  dogana quota set acme-gpt --mode observe",
            [id, organisation, model, region, tokens, window, slice, mode],
            (client, parsed, cancellation) => client.SetQuotaAsync(
                parsed.GetValue(id)!,
                new SetQuotaRequest(
                    parsed.GetValue(organisation), parsed.GetValue(model), parsed.GetValue(tokens), parsed.GetValue(region), parsed.GetValue(window), parsed.GetValue(slice), parsed.GetValue(mode)),
                cancellation),
            static (quota, output) => output.WriteLine(
                $"{quota.Id}: {quota.Organisation} has {Number(quota.TokensPerMinute)} tokens a minute of {quota.Model} in {quota.Region} ({quota.Window}, {quota.Mode}), {Number(quota.Unallotted)} not allotted."));
    }

    private static Command Allot()
    {
        var id = new Argument<string>("id") { Description = "The quota." };
        var deployment = new Option<string>("--deployment") { Description = "Which deployment.", Required = true };
        var project = new Option<string?>("--project") { Description = "Of this project only." };
        var tokens = new Option<long?>("--tokens-per-minute") { Description = "How many tokens a minute." };
        var remove = new Option<bool>("--remove") { Description = "Take the allotment back." };
        var allot = AdminVerb.Create(
            "allot", "Keeps a part of a quota for a deployment, or takes it back.\n\nExamples:\n  dogana quota allot acme-gpt --deployment gpt --project acme-shop --tokens-per-minute 20000\n  dogana quota allot acme-gpt --deployment gpt --project acme-shop --remove",
            [id, deployment, project, tokens, remove],
            (client, parsed, cancellation) => client.AllotQuotaAsync(
                parsed.GetValue(id)!, new AllotQuotaRequest(parsed.GetValue(deployment)!, parsed.GetValue(project), parsed.GetValue(tokens)), cancellation),
            static (quota, output) =>
            {
                var table = new TextTable("deployment", "project", "tokens/min>");
                foreach (var part in quota.Allotments)
                {
                    table.Add(part.Deployment, part.Project ?? "all", Number(part.TokensPerMinute));
                }

                table.Write(output);
                output.WriteLine($"Not allotted: {Number(quota.Unallotted)} of {Number(quota.TokensPerMinute)}.");
            });
        allot.Validators.Add(result =>
        {
            if (result.GetValue(tokens) is null != result.GetValue(remove))
            {
                result.AddError("Give --tokens-per-minute, or --remove.");
            }
        });
        return allot;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
