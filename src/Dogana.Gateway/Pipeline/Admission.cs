using System.Globalization;
using Dogana.Access;
using Dogana.Catalog;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Snapshots;
using Dogana.Parties;

namespace Dogana.Gateway.Pipeline;

/// <summary>Who calls, found from the key.</summary>
internal sealed record Caller(ApiKey Key, Project Project, Organisation Organisation, Channel Channel);

/// <summary>The decisions of steps 2 to 5, each from the snapshot alone.</summary>
internal static class Admission
{
    /// <summary>Credential → key → project → organisation → channel.</summary>
    public static Outcome<Caller> Identify(GatewaySnapshot snapshot, string? credential, DateTimeOffset now)
    {
        if (!snapshot.Keys.Find(credential, now).TryGet(out var key, out var problem))
        {
            return problem;
        }

        if (key.Project is null)
        {
            return new Problem(ProblemCode.Forbidden, "This is an admin key: it calls no models. Make a project key with 'dogana key create --project PROJECT'.");
        }

        var project = snapshot.Parties.Projects[key.Project];
        return new Caller(key, project, snapshot.Parties.Organisations[project.Organisation], snapshot.Parties.Channels[project.Channel]);
    }

    /// <summary>The deployment that the path or the body names.</summary>
    public static Outcome<(Deployment Deployment, Model Model)> Resolve(GatewaySnapshot snapshot, CallRequest request, string? pathDeployment)
    {
        var name = pathDeployment ?? request.Model;
        if (string.IsNullOrEmpty(name))
        {
            return new Problem(ProblemCode.InvalidRequest, "You must provide a model parameter.", "model");
        }

        if (!snapshot.Catalog.Deployments.TryGetValue(name, out var deployment))
        {
            var shown = name.Length <= 128 ? name : string.Concat(name.AsSpan(0, 128), "…");
            return new Problem(ProblemCode.ModelNotFound, $"The model '{shown}' does not exist or you do not have access to it. GET /v1/models lists yours.", "model");
        }

        var model = snapshot.Catalog.Models[deployment.Model];
        var wanted = request.Operation == Operation.Embeddings ? ModelKind.Embedding : ModelKind.Chat;
        if (model.Kind != wanted)
        {
            var other = model.Kind == ModelKind.Chat ? "chat/completions" : "embeddings";
            return new Problem(ProblemCode.OperationNotSupported, $"The model '{deployment.Name}' does not serve this endpoint. Use /v1/{other}.", "model");
        }

        return request.MaxOutputTokens > model.MaxOutputTokens
            ? new Problem(
                ProblemCode.InvalidRequest,
                string.Create(CultureInfo.InvariantCulture, $"max_tokens is too large: {request.MaxOutputTokens}. This model supports at most {model.MaxOutputTokens} completion tokens."),
                "max_tokens")
            : (deployment, model);
    }

    /// <summary>Is the family in good standing with the model's owner, on this channel?</summary>
    public static Problem? CheckStanding(GatewaySnapshot snapshot, Caller caller, Model model)
    {
        foreach (var measure in snapshot.Standing.Find(caller.Organisation.Id, model.Owner, model.Id, caller.Channel.Id))
        {
            if (measure.Refusal(caller.Organisation.Id, snapshot.Parties) is { } refusal)
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>May the model be sold to this customer, in its country, on its channel?</summary>
    public static Problem? CheckMarket(GatewaySnapshot snapshot, Caller caller, Model model)
    {
        if (caller.Channel.Seller != model.Owner && snapshot.Parties.AgreementOn(model.Owner, caller.Channel.Id) is null)
        {
            return new Problem(ProblemCode.MarketNotSupported, $"The channel '{caller.Channel.Id}' has no agreement to sell the models of '{model.Owner}'.");
        }

        return snapshot.Catalog.IsSold(model.Id, caller.Organisation.Country, caller.Channel.Id)
            ? null
            : new Problem(
                ProblemCode.MarketNotSupported, $"Country, region, or territory not supported: '{model.Id}' is not sold in {caller.Organisation.Country} on the channel '{caller.Channel.Id}'.");
    }

    /// <summary>The most that the call can cost, or why it cannot be priced: an unknown price is refused, never 0.</summary>
    public static Outcome<Money> Hold(GatewaySnapshot snapshot, Caller caller, Model model, long promptTokens, long outputTokens, DateTimeOffset now)
    {
        var contract = snapshot.Contracts.InForce(caller.Organisation.Id, caller.Channel.Id, now);
        if (contract is null)
        {
            return new Problem(ProblemCode.PriceUnknown, $"'{caller.Organisation.Id}' has no contract in force on the channel '{caller.Channel.Id}'. Nothing is served without a price.");
        }

        return snapshot.Prices.UpperBound(contract.PriceBook, model.Id, now, promptTokens, outputTokens) is { } bound
            ? bound
            : new Problem(ProblemCode.PriceUnknown, $"The price book '{contract.PriceBook}' has no price in force for '{model.Id}'. Nothing is served without a price.");
    }
}
