using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana model</c>: the models, when they come and go, and to whom they are open.</summary>
internal static class ModelVerbs
{
    public static Command Create() => AdminVerb.Noun("model", "The models: when they come and go, and to whom they are open.", List(), Show());

    private static Command List()
    {
        var owner = new Option<string?>("--owner") { Description = "Only those of this organisation." };
        var state = new Option<string?>("--state") { Description = "Only those that are active, deprecated or retired." };
        state.AcceptOnlyFromAmong("active", "deprecated", "retired");
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the models.\n\nExample:\n  dogana model list --state deprecated", [owner, state, limit, after],
            (client, parsed, cancellation) => client.ListModelsAsync(parsed.GetValue(owner), parsed.GetValue(state), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("model", "owner", "state", "released", "deprecated", "retires", "replacement", "waves");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Id, item.Owner, item.State, PageOptions.Day(item.ReleasedAt), PageOptions.Day(item.DeprecatedAt), PageOptions.Day(item.RetiresAt), item.Replacement ?? "-",
                        item.Waves.Count == 0 ? "-" : string.Join(", ", item.Waves.Select(static wave => wave.Id)));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var id = new Argument<string>("model") { Description = "The model's id." };
        return AdminVerb.Create(
            "show", "Shows a model, its life and its release waves.\n\nExample:\n  dogana model show clerk-1", [id],
            (client, parsed, cancellation) => client.GetModelAsync(parsed.GetValue(id)!, cancellation),
            static (model, output) =>
            {
                output.WriteLine($"{model.Id} of {model.Owner}: {model.Kind}, {model.State}; called as {(model.Deployments.Count == 0 ? "nothing" : string.Join(", ", model.Deployments))}");
                foreach (var (what, at) in new[] { ("released", model.ReleasedAt), ("deprecated", model.DeprecatedAt), ("retires", model.RetiresAt) })
                {
                    if (at is { } instant)
                    {
                        output.WriteLine($"    {what} {instant:u}");
                    }
                }

                if (model.Replacement is { } replacement)
                {
                    output.WriteLine($"    replaced by {replacement}");
                }

                output.WriteLine(model.Waves.Count == 0 ? "    open to all: it has no release waves" : "    open to whom one of these waves covers:");
                foreach (var wave in model.Waves)
                {
                    output.WriteLine($"      {wave.Id} from {wave.From:u}: {Conditions(wave)}");
                }
            });
    }

    private static string Conditions(ReleaseWaveRecord wave)
    {
        (string Name, IReadOnlyList<string>? Ids)[] all =
        [
            ("channels", wave.Channels), ("countries", wave.Countries), ("organisations", wave.Organisations), ("projects", wave.Projects), ("families", wave.Families),
        ];
        string[] said = [.. all.Where(static item => item.Ids is not null).Select(static item => $"{item.Name} {string.Join(", ", item.Ids!)}")];
        return said.Length == 0 ? "everybody" : string.Join("; ", said);
    }
}
