using System.Globalization;
using Dogana.Apply.Reading;
using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Apply.Checks;

/// <summary>What the file declares that cannot be beside, or instead of, what the store holds.</summary>
internal static class Contradictions
{
    public static void CheckParties(World world, PartyTable present, FaultCollector faults)
    {
        foreach (var (agreement, source) in world.Agreements)
        {
            if (present.AgreementOn(agreement.Owner, agreement.Channel) is { } other && other.Id != agreement.Id)
            {
                faults.Add(
                    source.PlaceOf("channel"), $"'{agreement.Owner}' and the channel '{agreement.Channel}' have the agreement '{other.Id}' already.",
                    $"Change '{other.Id}' instead.");
            }
        }

        // Keys and usage belong to a project: given to another, they would be another customer's; another seller's they become from an instant on.
        foreach (var (project, source) in world.Projects)
        {
            var before = present.Projects.GetValueOrDefault(project.Id);
            if (before is not null && (before.Organisation, before.Channel) != (project.Organisation, project.Channel))
            {
                faults.Add(
                    source.PlaceOf(before.Organisation != project.Organisation ? "organisation" : "channel"),
                    $"The project '{project.Id}' belongs to '{before.Organisation}' on '{before.Channel}', and stays there.",
                    before.Organisation != project.Organisation
                        ? "Declare a new project with another id, and give out keys for it."
                        : $"To move it, list under moves: {{ channel: {project.Channel}, at: INSTANT }}.");
            }
        }
    }

    /// <summary>The deployments with what follows from their models, which are in the file or the store.</summary>
    public static IReadOnlyList<Deployment> Complete(World world, CatalogTable present, FaultCollector faults)
    {
        var declared = world.Models.ToDictionary(static item => item.Value.Id, static item => item.Value, StringComparer.Ordinal);
        var deployments = new List<Deployment>();
        foreach (var (deployment, source) in world.Deployments)
        {
            if ((declared.GetValueOrDefault(deployment.Model) ?? present.Models.GetValueOrDefault(deployment.Model)) is not { } model)
            {
                continue; // a dangling reference, reported as such
            }

            var complete = deployment.Complete(model);
            deployments.Add(complete);
            var isChat = model.Kind == ModelKind.Chat;
            if (complete.DefaultOutputCap > model.MaxOutputTokens || (isChat && complete.DefaultOutputCap == 0))
            {
                faults.Add(
                    source.PlaceOf("default_output_cap"), string.Create(CultureInfo.InvariantCulture, $"The model '{model.Id}' gives at most {model.MaxOutputTokens} tokens."),
                    isChat ? $"Write 1 to {model.MaxOutputTokens.ToString(CultureInfo.InvariantCulture)}, or delete the key." : "Delete the key.");
            }
        }

        // A model that shrinks must not leave a deployment in the store with a cap above it.
        foreach (var (model, source) in world.Models)
        {
            var above = present.Deployments.Values.FirstOrDefault(item =>
                item.Model == model.Id && item.DefaultOutputCap > model.MaxOutputTokens && world.Deployments.All(other => other.Value.Name != item.Name));
            if (above is not null)
            {
                faults.Add(
                    source.PlaceOf("max_output_tokens"), $"The deployment '{above.Name}' has a default_output_cap of {above.DefaultOutputCap.ToString(CultureInfo.InvariantCulture)}.",
                    $"Declare '{above.Name}' too, with a lower cap, or leave the limit as it is.");
            }
        }

        return deployments;
    }
}
