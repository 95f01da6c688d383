using Dogana.Catalog;
using NodaTime;

namespace Dogana.Apply.Shapes;

/// <summary>The one table of what a world file may hold. Reader, schema and the checks of references follow it.</summary>
internal static class WorldShapes
{
    public const string Organisations = "organisations", Channels = "channels", Agreements = "agreements", Projects = "projects", Models = "models",
        Upstreams = "upstreams", Deployments = "deployments", Markets = "markets", Books = "price_books", Contracts = "contracts", Shares = "share_agreements",
        MarketRules = "market_rules", Terms = "terms", Exceptions = "licence_exceptions", Uses = "declared_uses";

    private static readonly ObjectShape Organisation = new("organisation", "A legal entity: a model owner, a seller, a customer.", [
        Id(),
        Named("Its name, as on an invoice."),
        Country("Where it is."),
        new("time_zone", new TextShape("IANA time zone; its calendar months are the organisation's billing periods.", "^[A-Za-z0-9_+/-]{1,64}$", 64, "Write an IANA name such as Europe/Rome.")
        {
            Check = static zone => DateTimeZoneProviders.Tzdb.Ids.Contains(zone, StringComparer.Ordinal) ? null : "is not a time zone that IANA's list has",
            Known = DateTimeZoneProviders.Tzdb.Ids,
        }),
        new("parent", new ReferenceShape("The organisation that owns this one. Families share what conduct decides.", Organisations), IsRequired: false),
        OwnershipShapes.Lei,
        .. FairShareShapes.OfOrganisation,
        .. PapersShapes.OfOrganisation(),
    ]);

    private static readonly ObjectShape Channel = new("channel", "A way to buy.", [
        Id(),
        Named("For people."),
        new("kind", new ChoiceShape("direct: the model's owner sells itself. reseller: another company sells in its own name.", "direct", "reseller")),
        new("seller", new ReferenceShape("The organisation that invoices.", Organisations)),
    ]);

    private static readonly ObjectShape Agreement = new("agreement", "What a model owner and a channel's seller agreed; at most one for the two.", [
        Id(),
        new("owner", new ReferenceShape("The model owner.", Organisations)),
        new("channel", new ReferenceShape("The channel that may sell the owner's models.", Channels)),
        new("measures", new ChoiceShape(
            "binding: a measure of the owner holds on the channel too. review: its seller has some hours to adopt or decline one; silence lets it hold. none: it holds if the seller adopts it.",
            "binding", "review", "none")),
        new("review_within_hours", new WholeNumberShape("How many hours the seller has, from the measure's start; 8760 are a year.", 1, 8_760), IsRequired: false),
        new("end_customers", new ChoicesShape("How calls of projects that resell may name their end customer: by a key made for it, by the header Dogana-End-Customer; both when left out.", "key", "header"), IsRequired: false),
        new("upstreams", new NamesShape("The upstreams on which the owner's models may run for this channel; any when left out.", Upstreams), IsRequired: false),
    ])
    {
        Conditions =
        [
            new("measures", "review", ["review_within_hours"], []), new("measures", "binding", [], ["review_within_hours"]),
            new("measures", "none", [], ["review_within_hours"]),
        ],
    };

    private static readonly ObjectShape ProjectMove = new("project_move", "A project's move to another channel.", [
        new("channel", new ReferenceShape("Where to.", Channels)),
        new("at", new InstantShape("The first instant there, in the future: a date (UTC) or an instant in UTC.")),
    ]);

    private static readonly ObjectShape Project = new("project", "An organisation's account on a channel: calls are counted and keys belong here. It stays the organisation's; to another channel it moves.", [
        Id(),
        new("organisation", new ReferenceShape("The customer.", Organisations)),
        new("channel", new ReferenceShape("The channel it buys on.", Channels)),
        new("store_answers", new YesNoShape("Keep text, encrypted: files and batches, and for 24 hours the answers to calls with an Idempotency-Key, so that a repeat gets the same one. false when left out."), IsRequired: false),
        new("response_cache_seconds", new WholeNumberShape(
            "Answer a call that is equal to an earlier one with that one's answer for so long, at the price of response_cache_tokens; 2592000 are 30 days. Needs store_answers. No response cache when left out.",
            1, (long)Parties.Project.ResponseCacheTimeMax.TotalSeconds), IsRequired: false),
        new("country", CountryShape("The country of the project's contract; the organisation's own when left out."), IsRequired: false),
        new("resells", new YesNoShape("Does the organisation call models for end customers of its own? Restricted models are then served only for one that the call names. false when left out."), IsRequired: false),
        new("moves", new ListShape("To which channels it moves, and when; its keys go on. What is not listed stays.", ProjectMove, ["at"]), IsRequired: false),
        new("trace_content", new YesNoShape("Put prompts and answers into traces. false when left out."), IsRequired: false),
        .. FairShareShapes.OfProject,
        FilterShapes.PolicyKey("The filter policy that its calls are looked at by, beside the deployment's; none when left out."),
    ]);

    private static readonly ObjectShape Model = new("model", "A model, as its owner publishes it.", [
        Id(),
        new("owner", new ReferenceShape("The organisation whose model it is.", Organisations)),
        new("kind", new ChoiceShape(
            "chat: answers a conversation. embedding: turns text into a vector. image: makes images. transcription: writes speech down. speech: reads text aloud.",
            [.. Enum.GetValues<ModelKind>().Select(EnumWords.Of)])),
        new("context_tokens", new WholeNumberShape("Prompt and output together, in tokens.", 1, 100_000_000)),
        new("max_output_tokens", new WholeNumberShape("The most that a call may ask for, in tokens; of images and speech the most that one may count, where they are charged by the token. 0 or nothing for an embedding model.", 0, 100_000_000), IsRequired: false),
        new("tokenizer", new ChoiceShape("How its tokens are counted here, for holds and estimates; bytes, an upper bound, when left out.", "bytes", "cl100k", "o200k"), IsRequired: false),
        new("requests_per_thousand_tokens", new DecimalShape("Requests per minute that go with 1,000 tokens per minute of a quota, such as 6; a quota limits tokens alone when left out.", 1_000_000, 6), IsRequired: false),
        CapacityShapes.Offers(),
        new("restricted", new YesNoShape("Serve it only where everything that decides is known: an unknown end customer, owner or use is a no. false when left out."), IsRequired: false),
        .. ReleaseShapes.OfModel,
    ])
    {
        Conditions = [new("kind", "chat", ["max_output_tokens"], [])],
    };

    private static readonly ObjectShape Upstream = new("upstream", "Where calls are sent.", [
        Id(),
        new("kind", new ChoiceShape(
            "embedded: the models in this process. openai_compatible: a server with OpenAI's API, such as vLLM, llama.cpp or Ollama. The others: that provider's service.",
            "embedded", "openai", "azure_openai", "anthropic", "openai_compatible")),
        new("base_url", new TextShape("Absolute address up to and including /v1; for azure_openai the resource's endpoint; the provider's own for openai and anthropic when left out.", "^https?://[^@?#\\s]+$", 1_024, "Write http:// or https://, a host and a path, and no user, password, query or fragment.")
        {
            Check = static url => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.UserInfo.Length == 0 && address.Host.Length > 0 ? null : "is not an absolute address",
            IsSensitive = true,
        }, IsRequired: false),
        new("secret_env", new TextShape("The name of the environment variable that holds the server's key. The key itself never stands in a file.",
            "^[A-Za-z_][A-Za-z0-9_]{0,127}$", 128, "Write the variable's name, such as UPSTREAM_KEY, never the key itself.") { IsSensitive = true }, IsRequired: false),
        new("api_version", new TextShape("Azure OpenAI's api-version; it selects the classic paths. Without it the v1 paths are used.",
            "^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$", 18, "Write a version such as 2024-10-21."), IsRequired: false),
        new("region", new TextShape("Where it computes, as its provider names regions.", "^[A-Za-z0-9 ._-]{1,64}$", 64, "Write a name such as westeurope."), IsRequired: false),
        new("on_disconnect", new ChoiceShape(
            "When a client leaves a stream. drain: read on, for a bounded time, to learn what the call used; when left out. cancel: stop it and count here.", "drain", "cancel"), IsRequired: false),
        new("operations", new ChoicesShape(
            "What it serves of its own, where that is not what its kind usually serves; other calls are translated.",
            "chat_completions", "completions", "responses", "embeddings", "messages", "images", "transcriptions", "speech"), IsRequired: false),
        .. FairShareShapes.OfUpstream,
        PriceShapes.CostBook(),
    ])
    {
        Conditions =
        [
            new("kind", "openai_compatible", ["base_url"], ["api_version"]), new("kind", "azure_openai", ["base_url"], []),
            new("kind", "openai", [], ["api_version"]), new("kind", "anthropic", [], ["api_version", "operations"]),
            new("kind", "embedded", [], ["base_url", "secret_env", "api_version", "on_disconnect", "operations", .. FairShareShapes.NotEmbedded]),
        ],
    };

    private static readonly TextShape UpstreamModel = new(
        "The model's name there; the model's id when left out.", "^[!-~]{1,200}$", 200, "Write the name without spaces, at most 200 characters.");

    private static readonly ObjectShape DeploymentRoute = new("route", "One place where a deployment runs.", [
        new("upstream", new ReferenceShape("The upstream.", Upstreams)),
        new("upstream_model", UpstreamModel, IsRequired: false),
        new("order", new WholeNumberShape("Lower ones are tried first, higher ones when those fail; 1 when left out.", 1, 100), IsRequired: false),
        new("weight", new WholeNumberShape("The share of calls among routes of the same order; 1 when left out.", 1, 1_000), IsRequired: false),
    ]);

    private const string DeploymentName = "^[A-Za-z0-9._-]{1,64}$";

    private static readonly ObjectShape Deployment = new("deployment", "A model made callable under a name.", [
        new("name", new TextShape("What callers write as the model.", DeploymentName, 64, "Letters, digits, '.', '_' and '-', at most 64.")),
        new("model", new ReferenceShape("The model.", Models)),
        new("upstream", new ReferenceShape("Where it runs, if in one place.", Upstreams), IsRequired: false),
        new("upstream_model", UpstreamModel, IsRequired: false),
        new("routes", new ListShape("Where it runs, if in several places; instead of upstream.", DeploymentRoute, ["upstream"]) { ItemsMin = 1 }, IsRequired: false),
        new("default_output_cap", new WholeNumberShape(
            "Output limit in tokens for calls that name none; the smaller of 1024 and the model's max_output_tokens when left out.", 0, 100_000_000), IsRequired: false),
        new("requests_per_minute", new WholeNumberShape("The most calls that one project may begin in a minute; no limit when left out.", 1, 1_000_000_000), IsRequired: false),
        new("tokens_per_minute", new WholeNumberShape("The most tokens that one project may ask for in a minute; no limit when left out.", 1, 1_000_000_000_000), IsRequired: false),
        new("limit_mode", new ChoiceShape("enforce: a call beyond these two is refused; when left out. observe: it is served, counted and shown.", "enforce", "observe"), IsRequired: false),
        new("region", RegionShape("In which region its quota lies; global when left out."), IsRequired: false),
        .. CapacityShapes.DeploymentKeys(DeploymentName),
        FilterShapes.PolicyKey("The filter policy that its calls are looked at by; none when left out."),
    ]);

    private static readonly ObjectShape Market = new("market", "What may be sold to customers in a country. A country without a market is closed.", [
        Country("The customers' country; at most one market each."),
        new("models", new NamesShape("Model ids, or * alone for all.", Models)),
        new("channels", new NamesShape("Channel ids, or * alone for all.", Channels)),
    ]);

    private static readonly ObjectShape Contract = new("contract", "By which prices an organisation buys on a channel, and when.", [
        Id(),
        new("organisation", new ReferenceShape("The customer.", Organisations)),
        new("channel", new ReferenceShape("The channel; its seller invoices.", Channels)),
        new("price_book", new ReferenceShape("The price book.", Books)),
        .. FromTo(),
        .. ContractShapes.Terms(),
    ]);

    /// <summary>The whole file.</summary>
    public static ObjectShape World { get; } = new("world", "A Dogana world file: parties, catalogue, prices and agreements. What it does not name is left alone.", [
        new("dogana", new WholeNumberShape("The version of this format.", 1, 1)),
        new(Organisations, new ListShape("Legal entities.", Organisation, ["id"]), false),
        new(Channels, new ListShape("Ways to buy.", Channel, ["id"]), false),
        new(Agreements, new ListShape("Between model owners and channels.", Agreement, ["id"], ["owner", "channel"]), false),
        new(Projects, new ListShape("Accounts of organisations on channels.", Project, ["id"]), false),
        new(Models, new ListShape("Models.", Model, ["id"]), false),
        new(Upstreams, new ListShape("Where calls are sent.", Upstream, ["id"]), false),
        new(Deployments, new ListShape("Models made callable.", Deployment, ["name"]), false),
        new(Markets, new ListShape("What is sold in which country.", Market, ["country"]), false),
        new(Books, new ListShape("Prices.", PriceShapes.Book(), ["id"]), false),
        new(Contracts, new ListShape("Who buys by which prices.", Contract, ["id"]), false),
        new(Shares, new ListShape("Who owes whom a share.", SettlementShapes.Share(), ["id"]), false),
        new(NoticeShapes.Targets, new ListShape("Where organisations hear of notices.", NoticeShapes.Target, ["id"]), false),
        new(MarketRules, new ListShape("What may be sold to whom, beyond markets.", MarketShapes.Rule, ["id"]), false),
        new(Terms, new ListShape("Terms of use.", TermsShapes.Terms, ["id"]), false),
        new(Exceptions, new ListShape("What was granted beyond the terms.", TermsShapes.Exception, ["id"]), false),
        new(Uses, new ListShape("What projects use models for.", TermsShapes.Use, ["project", "use"]), false),
        new(MeasureShapes.Section, new ListShape("What model owners decided against customers. One that is applied never changes; it can be lifted.", MeasureShapes.Measure(), ["id"]), false),
        new(OwnershipShapes.Parties, new ListShape("Parties that are known from statements about ownership only.", OwnershipShapes.Party, ["id"]), false),
        new(OwnershipShapes.Statements, new ListShape("Who stands behind whom.", OwnershipShapes.Statement, ["id"]), false),
        new(OwnershipShapes.Rules, new ListShape("When one party controls another.", OwnershipShapes.Rule, ["id"]), false),
        new(AccessShapes.Issuers, new ListShape("Whose tokens open projects.", AccessShapes.Issuer, ["id"], ["issuer", "audience"]), false),
        new(ReleaseShapes.Waves, new ListShape("To whom models are open, and from when on.", ReleaseShapes.Wave, ["id"]), false),
        new(IdentityShapes.Providers, new ListShape("Where users may sign in instead of by a password.", IdentityShapes.Provider, ["id"]), false),
        new(QuotaShapes.Section, new ListShape("What organisations may use in a minute.", QuotaShapes.Shape, ["id"]), false),
        new(BudgetShapes.Section, new ListShape("What may be spent.", BudgetShapes.Budget(), ["id"]), false),
        new(CapacityShapes.Quotas, new ListShape("How many provisioned units organisations may have.", CapacityShapes.Quota(), ["organisation", "type", "region"]), false),
        new(CapacityShapes.Reservations, new ListShape("Units that are paid for a month or a year.", CapacityShapes.Reservation(), ["id"]), false),
        new(PapersShapes.TaxRules, new ListShape("What tax sellers charge.", PapersShapes.TaxRule(), ["id"]), false),
        new(PapersShapes.Dunning, new ListShape("When sellers remind of invoices that are overdue.", PapersShapes.DunningPolicy(), ["seller"]), false),
        new(PriceShapes.Rates, new ListShape("What a unit of one currency is in another.", PriceShapes.Rate(), ["base", "quote", "from"]), false),
        new(SettlementShapes.Rents, new ListShape("Servers that companies rent from each other.", SettlementShapes.Rent(), ["id"]), false),
        new(SettlementShapes.Exports, new ListShape("How channels' usage is reported to marketplaces.", SettlementShapes.Export(), ["id"]), false),
        new(MeterShapes.Section, new ListShape("What is counted outside of Dogana.", MeterShapes.Meter(), ["id"], ["event_type"]), false),
        new(ConductShapes.Section, new ListShape("How model owners look after conduct.", ConductShapes.Settings(), ["owner"]), false),
        new(InsightShapes.Pools, new ListShape("Capacity that somebody paid for.", InsightShapes.Pool(), ["id"]), false),
        new(FilterShapes.Policies, new ListShape("What is looked for in prompts and answers.", FilterShapes.Policy(), ["id"]), false),
        new(FilterShapes.BlockLists, new ListShape("Words and patterns that nobody is to send or get.", FilterShapes.List(), ["id"]), false),
        new(FilterShapes.Providers, new ListShape("Classifiers that are reached over HTTP.", FilterShapes.Provider(), ["id"]), false),
        new(InsightShapes.Alerts, new ListShape("Who is told when a measure of the reports crosses a threshold.", InsightShapes.Alert(), ["id"]), false),
    ]);

    /// <summary>The key that names an object.</summary>
    public static KeyShape Id() => new("id", new TextShape(
        "Lower-case letters, digits, hyphens and dots, at most 63, a letter or digit first and last.", ReferenceShape.IdPattern, 63,
        "Lower-case letters, digits, hyphens and dots, at most 63, a letter or digit first and last."));

    public static KeyShape Named(string description) => new("name", new TextShape(
        description, @"^\S(.*\S)?$", 200, "Write 1 to 200 characters on one line, with no space at either end."));

    public static KeyShape Currency() => new("currency", new TextShape("ISO 4217 code.", "^[A-Z]{3}$", 3, "Write a code of ISO 4217 such as EUR or USD.")
    {
        Check = static code => Dogana.Currency.Find(code) is null ? "is not a currency that Dogana knows" : null,
    });

    public static KeyShape Country(string description) => new("country", CountryShape(description));

    /// <summary>A region as deployments say it.</summary>
    public static TextShape RegionShape(string description) => new(description, "^[A-Za-z0-9._-]{1,64}$", 64, "Write a name such as westeurope.");

    private static TextShape CountryShape(string description) => new(
        description + " ISO 3166-1 alpha-2.", "^[A-Z]{2}$", 2, "Write two capital letters of ISO 3166-1 such as FR.");

    private static KeyShape[] FromTo() => [
        new("from", new InstantShape("The first instant it is in force: a date (UTC) or an instant in UTC.")),
        new("to", new InstantShape("The first instant it no longer is; without an end when left out."), IsRequired: false),
    ];
}
