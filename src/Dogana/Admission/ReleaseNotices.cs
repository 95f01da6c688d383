using System.Text.Json;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Admission;

/// <summary>
/// Tells organisations that a model is going: when it is deprecated, and 90, 30 and 7 days before it retires. Told is who has a project with a contract in
/// force where the model is sold to it, and nobody to whom it is not open.
/// </summary>
public static class ReleaseNotices
{
    private static readonly int[] Days = [90, 30, 7];

    /// <summary>Posts the notices that are due. Each is posted once, whoever asks how often; of several that are due, as after a long stop, the last one is enough.</summary>
    /// <returns>The number of notices posted.</returns>
    public static async Task<int> PostDueAsync(StoreSession session, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var catalog = await CatalogRegister.ReadAsync(session);
        (Model Model, string Stage)[] due = [.. catalog.Models.Values.Where(model => model.StateAt(now) == ModelState.Deprecated).OrderBy(static model => model.Id, StringComparer.Ordinal)
            .Select(model => (model, StageOf(model, now))).Where(static item => item.Item2 is not null).Select(static item => (item.model, item.Item2!))];
        if (due.Length == 0)
        {
            return 0;
        }

        var parties = await PartyRegister.ReadAsync(session);
        var contracts = await Contracts.ReadAsync(session);
        var table = await AdmissionTable.ReadAsync(session, parties, catalog, now);
        var notices = new List<Notice>();
        foreach (var (model, stage) in due)
        {
            var told = new HashSet<string>(StringComparer.Ordinal);
            foreach (var project in parties.Projects.Values.OrderBy(static project => project.Id, StringComparer.Ordinal))
            {
                var channel = project.ChannelAt(now);
                if (contracts.InForce(project.Organisation, channel, now) is null)
                {
                    continue;
                }

                // Who is refused for another reason, such as its standing, may come back.
                var decision = table.Decide(new AdmissionFacts(project, parties.Channels[channel], model, null, default, null));
                if (decision.Refusal is not { Code: ProblemCode.ModelNotFound or ProblemCode.MarketNotSupported } && told.Add(project.Organisation))
                {
                    notices.Add(Make(model, decision.Deprecation!, stage, project.Organisation));
                }
            }
        }

        return await NoticeOutbox.PostAsync(session, notices, now);
    }

    // What came last of what has come; null where nothing has.
    private static string? StageOf(Model model, DateTimeOffset now)
    {
        var stages = Days.Select(days => (At: model.RetiresAt?.AddDays(-days), Stage: $"retires/{days}")).Prepend((At: model.DeprecatedAt, Stage: "deprecated"));
        return stages.Where(stage => stage.At <= now).OrderBy(static stage => stage.At).Select(static stage => stage.Stage).LastOrDefault();
    }

    private static Notice Make(Model model, Deprecation deprecation, string stage, string organisation)
    {
        var end = deprecation.RetiresAt is { } retires ? $"From {retires:u} on calls to it are refused." : "When it retires is not decided yet.";
        var next = deprecation.Replacement is { } replacement ? $" Use '{replacement}' in its place." : "";
        var isDeprecation = stage == "deprecated";
        var data = JsonSerializer.Serialize(
            new { model = model.Id, owner = model.Owner, organisation, deprecated_at = deprecation.DeprecatedAt, retires_at = deprecation.RetiresAt, replacement = deprecation.Replacement },
            DoganaJson.Options);
        return new Notice(
            isDeprecation ? "model.deprecated" : "model.retiring", organisation,
            isDeprecation ? $"The model {model.Id} is deprecated" : $"The model {model.Id} retires soon",
            $"The model '{model.Id}' of '{model.Owner}' is {(isDeprecation ? "deprecated" : "about to retire")}. {end}{next}", data,
            $"model/{model.Id}/{stage}/{InstantText.Format((isDeprecation ? deprecation.DeprecatedAt : deprecation.RetiresAt)!.Value)}/{organisation}");
    }
}
