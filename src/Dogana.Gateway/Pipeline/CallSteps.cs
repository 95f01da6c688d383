using System.Globalization;
using Dogana.Access;
using Dogana.Admission;
using Dogana.Catalog;
using Dogana.Conduct;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;
using Dogana.Parties;
using Dogana.Rating;

namespace Dogana.Gateway.Pipeline;

/// <summary>Who calls, found from the key, or from a token that stands for one; for whom, and from where.</summary>
internal sealed record Caller(ApiKey Key, Project Project, Organisation Organisation, Channel Channel)
{
    /// <summary>Whom the call is for, where it says so.</summary>
    public string? EndCustomer { get; init; }

    /// <summary>How it says so.</summary>
    public EndCustomerNaming Naming { get; init; }

    /// <summary>The country of its address, where the operator's file knows it.</summary>
    public string? Country { get; init; }

    /// <summary>What its usage is marked with, by the key and the request, as usage records bear it; null where nothing.</summary>
    public string? Tags { get; init; }

    /// <summary>Whose conduct a call of a model is.</summary>
    public ConductAccount ConductWith(Model model) => new(Organisation.Id, model.Owner, EndCustomer);

    /// <summary>What decides whether it may call a model.</summary>
    public AdmissionFacts FactsOf(Model model) => new(Project, Channel, model, EndCustomer, Naming, Country);
}

/// <summary>What a call names, and what is decided of it; the decision may be a refusal.</summary>
internal readonly record struct Resolved(Deployment Deployment, Model Model, AdmissionDecision Decision);

/// <summary>What steps 2 to 5 find out, each from the snapshot alone.</summary>
internal static class CallSteps
{
    private const int IdLengthMax = 63;

    /// <summary>Credential → key → project → organisation → channel, and the end customer that the key or the header names. A key is good for its scope only.</summary>
    public static Outcome<Caller> Identify(GatewaySnapshot snapshot, in CallOrigin origin, DateTimeOffset now)
    {
        var opened = origin.Token is { } token ? snapshot.TokenIssuers.Find(token, now)
            : origin.KeyId is { } id ? snapshot.Keys.FindById(id, now) : snapshot.Keys.Find(origin.Credential, now);
        if (!opened.TryGet(out var key, out var problem))
        {
            return problem;
        }

        if (key.Project is null)
        {
            return new Problem(ProblemCode.Forbidden, "This is an admin key: it calls no models. Make a project key with 'dogana key create --project PROJECT'.");
        }

        if (key.Details.Scope.FindRefusal(origin.Dialect, origin.Country, origin.Address) is { } outside)
        {
            return outside;
        }

        if (!key.Details.Tags.With(origin.Tags).TryGet(out var tags, out problem))
        {
            return problem;
        }

        if (origin.EndCustomer is { } named && (named.Length is 0 or > IdLengthMax || (key.EndCustomer is { } bound && bound != named)))
        {
            return new Problem(
                ProblemCode.InvalidRequest,
                named.Length is 0 or > IdLengthMax
                    ? $"{AdmissionTable.EndCustomerHeader} is the id of one organisation, of 1 to {IdLengthMax} characters."
                    : $"{AdmissionTable.EndCustomerHeader} names another end customer than the one that this key was made for. Leave the header out, or use another key.",
                AdmissionTable.EndCustomerHeader);
        }

        var project = snapshot.Parties.Projects[key.Project];
        if (origin.EndCustomer is not null && !project.Resells)
        {
            return new Problem(
                ProblemCode.InvalidRequest, $"The project '{project.Id}' does not resell: it has no end customers. Leave the header {AdmissionTable.EndCustomerHeader} out.", AdmissionTable.EndCustomerHeader);
        }

        return new Caller(key, project, snapshot.Parties.Organisations[project.Organisation], snapshot.Parties.Channels[project.ChannelAt(now)])
        {
            EndCustomer = key.EndCustomer ?? origin.EndCustomer,
            Naming = key.EndCustomer is not null ? EndCustomerNaming.Key : origin.EndCustomer is not null ? EndCustomerNaming.Header : default,
            Country = origin.Country,
            Tags = tags.Text,
        };
    }

    /// <summary>
    /// The deployment that the path or the body names, where the caller's key is good for it (others are refused whether they exist or not), and what is
    /// decided of it; a model that is not open to the caller is as one that there is not.
    /// </summary>
    public static Outcome<Resolved> Resolve(GatewaySnapshot snapshot, Caller caller, CallRequest request, string? pathDeployment)
    {
        var name = pathDeployment ?? request.Model;
        if (string.IsNullOrEmpty(name))
        {
            return new Problem(ProblemCode.InvalidRequest, "You must provide a model parameter.", "model");
        }

        if (caller.Key.Details.Scope.FindRefusal(name) is { } outside)
        {
            return outside;
        }

        if (!snapshot.Catalog.Deployments.TryGetValue(name, out var deployment) || !deployment.IsFor(caller.Project.Id))
        {
            return NotFound(name);
        }

        var model = snapshot.Catalog.Models[deployment.Model];
        var decision = snapshot.Admission.Find(caller.FactsOf(model));
        if (decision.IsHidden)
        {
            return NotFound(name);
        }

        if (model.Kind != Operations.KindOf(request.Operation))
        {
            return new Problem(ProblemCode.OperationNotSupported, $"The model '{deployment.Name}' does not serve this endpoint. Use /v1/{Operations.PathOf(model.Kind)}.", "model");
        }

        return request.MaxOutputTokens > model.MaxOutputTokens
            ? new Problem(
                ProblemCode.InvalidRequest,
                string.Create(CultureInfo.InvariantCulture, $"max_tokens is too large: {request.MaxOutputTokens}. This model supports at most {model.MaxOutputTokens} completion tokens."),
                "max_tokens")
            : new Resolved(deployment, model, decision);
    }

    /// <summary>The tier that a call is served in: what it asks for, or else its project's; priority only where the project may.</summary>
    public static ServiceTier TierOf(CallRequest request, Project project) =>
        (request.Tier ?? EnumWords.Find<ServiceTier>(project.ServiceTier) ?? ServiceTier.Standard) is var asked && asked == ServiceTier.Priority && !project.MayUsePriority
            ? ServiceTier.Standard
            : asked;

    /// <summary>How a call of images or sound is charged where that is not by the token; null where it is, or nothing says how.</summary>
    public static UnitPricing? UnitsOf(GatewaySnapshot snapshot, Caller caller, Model model, CallRequest request, ServiceTier tier, DateTimeOffset now) =>
        request.Media is not null && snapshot.Contracts.InForce(caller.Organisation.Id, caller.Channel.Id, now) is { } contract
            ? UnitPricing.Of(snapshot.Prices, contract.Prices, model, request, now, tier) : null;

    /// <summary>What a call asks for in a form that would not say what it cost; null for nothing.</summary>
    public static Problem? FindUnpriceable(UpstreamCall call) => call.Request switch
    {
        { Operation: Operation.ImageGenerations, Stream: true, Choices: > 1 } when call.Units is null => new Problem(
            ProblemCode.InvalidRequest, "This model is charged by the token here, and a stream of several images does not say what each of them took. Leave 'stream' out, or ask for one image at a time.", "n"),
        { Media.WantsPlainText: true } when call.Units is null => new Problem(
            ProblemCode.InvalidRequest, "This model is charged by the token here, and an answer in plain text does not say how many it took. Send response_format json.", "response_format"),
        { Media: { WantsPlainText: true, Length.Seconds: null } } => new Problem(
            ProblemCode.InvalidRequest,
            "How long this recording is cannot be told from the file, and an answer in plain text does not say it. Send response_format json or verbose_json, or a file in WAV, MP3, FLAC, Opus, M4A or MP4.", "response_format"),
        _ => null,
    };

    /// <summary>The most tokens that one answer of a call may have.</summary>
    public static long OutputMaxOf(CallRequest request, Deployment deployment, Model model, UnitPricing? units) => request.Operation == Operation.Embeddings || units is not null ? 0
        : request.Media is not null ? model.MaxOutputTokens // there is no limit that a caller could send
        : request.MaxOutputTokens ?? deployment.DefaultOutputCap;

    /// <summary>Is there what a model's calls would be priced by?</summary>
    public static bool HasPrice(GatewaySnapshot snapshot, Caller caller, Deployment deployment, Model model, DateTimeOffset now) => deployment.IsProvisioned
        ? Price(snapshot, caller, deployment, model, default, default, ServiceTier.Standard, now).Problem is null
        : snapshot.Contracts.InForce(caller.Organisation.Id, caller.Channel.Id, now) is { } contract && snapshot.Prices.HasPrice(contract.Prices, model, now);

    /// <summary>By which prices the call is held and charged, or why it cannot be: an unknown price is refused, never 0.</summary>
    /// <param name="snapshot">What the node knows.</param>
    /// <param name="caller">Who calls.</param>
    /// <param name="deployment">What was called.</param>
    /// <param name="model">The model behind it.</param>
    /// <param name="most">The most that the call can use.</param>
    /// <param name="units">How it is charged, where that is not by the token.</param>
    /// <param name="tier">The tier that it is served in.</param>
    /// <param name="now">The instant.</param>
    public static Outcome<CallPrice> Price(
        GatewaySnapshot snapshot, Caller caller, Deployment deployment, Model model, TokenUsage most, UnitPricing? units, ServiceTier tier, DateTimeOffset now)
    {
        var contract = snapshot.Contracts.InForce(caller.Organisation.Id, caller.Channel.Id, now);
        if (contract is null)
        {
            return new Problem(ProblemCode.PriceUnknown, $"'{caller.Organisation.Id}' has no contract in force on the channel '{caller.Channel.Id}'. Nothing is served without a price.");
        }

        if (deployment.IsProvisioned)
        {
            return model.OfferOf(deployment.Type) is { } offer && snapshot.Prices.FindInForce(contract.Prices, model.Id, Meter.ProvisionedUnitMinutes, now) is { } unit
                ? new CallPrice(snapshot.Prices, contract.Prices, model.Id, now, Money.Zero(unit.Currency)) { Capacity = offer }
                : new Problem(ProblemCode.PriceUnknown, $"The price book '{contract.PriceBook}' has no price in force for provisioned units of '{model.Id}'. Nothing is served without a price.");
        }

        if (units is null && Meter.UnitOf(model.Kind) is not null && most.OutputTokens == 0)
        {
            return new Problem(ProblemCode.PriceUnknown, $"'{model.Id}' has no price of its {Meter.UnitOf(model.Kind)!.Name.Replace('_', ' ')}, and no max_output_tokens, without which what a call costs by the token has no bound.");
        }

        return (units is null ? BoundOfTokens(snapshot.Prices, contract.Prices, model, most, tier, now) : units.Bound()) is { } bound
            ? new CallPrice(snapshot.Prices, contract.Prices, model.Id, now, bound) { Tier = tier }
            : new Problem(
                ProblemCode.PriceUnknown,
                $"The price book '{contract.PriceBook}' has no price in force for {(units is null ? "" : units.Most.Meter.Name.Replace('_', ' ') + " of ")}'{model.Id}'. Nothing is served without a price.");
    }

    private static Money? BoundOfTokens(PriceTable prices, PriceList books, Model model, in TokenUsage most, ServiceTier tier, DateTimeOffset now)
    {
        var bound = prices.UpperBound(books, model.Id, now, most.PromptTokens, most.OutputTokens, tier);
        return most.Units is not { } sound || bound is null ? bound
            : prices.RateAtMost(books, model.Id, sound.Meter, sound.Quantity, now, tier).TryGet(out var more, out _) ? bound + more : null;
    }

    /// <summary>By which prices an answer of a response cache is charged for so many tokens; null where they have none in force: then it is not given.</summary>
    public static CallPrice? PriceCached(GatewaySnapshot snapshot, Caller caller, Model model, long tokens, ServiceTier tier, DateTimeOffset now) =>
        snapshot.Contracts.InForce(caller.Organisation.Id, caller.Channel.Id, now) is { } contract
        && snapshot.Prices.RateAtMost(contract.Prices, model.Id, Meter.ResponseCacheTokens, tokens, now, tier).TryGet(out var most, out _)
            ? new CallPrice(snapshot.Prices, contract.Prices, model.Id, now, most) { Tier = tier }
            : null;

    private static Problem NotFound(string name)
    {
        var shown = name.Length <= 128 ? name : string.Concat(name.AsSpan(0, 128), "…");
        return new Problem(ProblemCode.ModelNotFound, $"The model '{shown}' does not exist or you do not have access to it. GET /v1/models lists yours.", "model");
    }
}
