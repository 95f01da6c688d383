using Dogana.Apply.Checks;
using Dogana.Apply.Shapes;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Apply.Reading;

/// <summary>Makes the modules' records of what was read, and checks what takes more than one key to see. Skips what has a fault already.</summary>
internal sealed class WorldBuilder(ReadItem root, FaultCollector faults)
{
    public World Build(string file, IReadOnlyList<Reference> references) => new(file)
    {
        Organisations = Ownership.ParentsFirst(Each(WorldShapes.Organisations, static item => PapersBuilder.Addressed(FairShareBuilder.Share(Organisation(item), item), item)), faults),
        Channels = Each(WorldShapes.Channels, static item => new Channel(
            Id(item), item.Get<string>("name"), item.Get<string>("kind") == "direct" ? ChannelKind.Direct : ChannelKind.Reseller, item.Get<string>("seller"))),
        Agreements = Each(WorldShapes.Agreements, static item => new Agreement(
            Id(item), item.Get<string>("owner"), item.Get<string>("channel"),
            item.Get<string>("measures") switch { "binding" => MeasureFlow.Binding, "review" => MeasureFlow.Review, _ => MeasureFlow.None })
        {
            ReviewTime = item.Find<long>("review_within_hours") is { } hours ? TimeSpan.FromHours(hours) : null,
            EndCustomers = EndCustomers(item),
            Upstreams = !item.Has("upstreams") || item.Get<IReadOnlyList<string>>("upstreams") is ["*"] ? null : item.Get<IReadOnlyList<string>>("upstreams"),
        }),
        Projects = Each(WorldShapes.Projects, item => new FairShareBuilder(faults).Tier(new Project(Id(item), item.Get<string>("organisation"), item.Get<string>("channel"))
        {
            StoresAnswers = item.Find<bool>("store_answers") ?? false,
            ResponseCacheTime = ResponseCacheTime(item),
            TracesContent = item.Find<bool>("trace_content") ?? false,
            Country = item.FindText("country"),
            Resells = item.Find<bool>("resells") ?? false,
            FilterPolicy = item.FindText("filter_policy"),
            Moves = [.. Each(item.Items("moves"), static move => new ProjectMove(move.Get<string>("channel"), move.Get<DateTimeOffset>("at")))
                .Select(static move => move.Value).OrderBy(static move => move.At)],
        }, item)),
        Models = Each(WorldShapes.Models, item => new ReleaseBuilder(faults).Life(Model(item), item)),
        Upstreams = Each(WorldShapes.Upstreams, item => new FairShareBuilder(faults).Places(Upstream(item), item)),
        Deployments = Each(WorldShapes.Deployments, Deployment),
        Markets = Each(WorldShapes.Markets, static item => new Market(
            item.Get<string>("country"), item.Get<IReadOnlyList<string>>("models"), item.Get<IReadOnlyList<string>>("channels"))),
        Books = Each(WorldShapes.Books, new PriceBuilder(faults).Book),
        Contracts = Each(WorldShapes.Contracts, item =>
        {
            var (from, to) = FromTo(item);
            return new Contract(Id(item), item.Get<string>("organisation"), item.Get<string>("channel"), item.Get<string>("price_book"), from, to) { Terms = ContractBuilder.Terms(item) };
        }),
        Shares = Each(WorldShapes.Shares, new SettlementBuilder(faults).Share),
        NoticeTargets = Each(NoticeShapes.Targets, item => NoticeBuilder.Target(item, faults)),
        MarketRules = Each(WorldShapes.MarketRules, new MarketBuilder(faults).Rule),
        Terms = Each(WorldShapes.Terms, new TermsBuilder(faults).Terms),
        Exceptions = Each(WorldShapes.Exceptions, new TermsBuilder(faults).Exception),
        Uses = Each(WorldShapes.Uses, TermsBuilder.Use),
        Measures = Each(MeasureShapes.Section, item => MeasureReading.Read(item, faults)),
        OwnershipParties = OwnershipBuilder.Parties(root),
        OwnershipStatements = OwnershipBuilder.Statements(root, faults),
        ControlRules = OwnershipBuilder.Rules(root, faults),
        TokenIssuers = AccessBuilder.Issuers(root, faults),
        ReleaseWaves = Each(ReleaseShapes.Waves, ReleaseBuilder.Wave),
        IdentityProviders = Each(IdentityShapes.Providers, item => IdentityBuilder.Provider(item, faults)),
        Quotas = Each(QuotaShapes.Section, item => QuotaBuilder.Read(item, faults)),
        Budgets = Each(BudgetShapes.Section, item => BudgetBuilder.Budget(item, faults)),
        UnitQuotas = Each(CapacityShapes.Quotas, CapacityBuilder.Quota),
        Reservations = Each(CapacityShapes.Reservations, item => CapacityBuilder.Reservation(item, faults)),
        TaxRules = Each(PapersShapes.TaxRules, item => PapersBuilder.TaxRule(item, faults)),
        DunningPolicies = Each(PapersShapes.Dunning, PapersBuilder.DunningPolicy),
        ExchangeRates = Each(PriceShapes.Rates, new PriceBuilder(faults).Rate),
        Rents = Each(SettlementShapes.Rents, new SettlementBuilder(faults).Rent),
        Exports = Each(SettlementShapes.Exports, new SettlementBuilder(faults).Export),
        Meters = Each(MeterShapes.Section, MeterBuilder.Read),
        Conduct = Each(ConductShapes.Section, ConductBuilder.Settings),
        Pools = Each(InsightShapes.Pools, new InsightBuilder(faults).Pool),
        Alerts = Each(InsightShapes.Alerts, InsightBuilder.Alert),
        FilterProviders = Each(FilterShapes.Providers, FilterBuilder.Provider),
        BlockLists = Each(FilterShapes.BlockLists, new FilterBuilder(faults).List),
        FilterPolicies = Each(FilterShapes.Policies, new FilterBuilder(faults).Policy),
        References = [.. references, .. NoticeBuilder.References(root), .. QuotaBuilder.References(root), .. MeterBuilder.References(root)],
    };

    private TimeSpan? ResponseCacheTime(ReadItem item)
    {
        if (item.Find<long>("response_cache_seconds") is not { } seconds)
        {
            return null;
        }

        if (item.Find<bool>("store_answers") != true)
        {
            faults.Add(item.PlaceOf("response_cache_seconds"), "A response cache keeps answers, and this project keeps no text.", "Write 'store_answers: true' too, or delete the key.");
        }

        return TimeSpan.FromSeconds(seconds);
    }

    private static string Id(ReadItem item) => item.Get<string>("id");

    private static EndCustomerNaming EndCustomers(ReadItem item) => !item.Has("end_customers")
        ? EndCustomerNaming.Key | EndCustomerNaming.Header
        : item.Get<IReadOnlyList<string>>("end_customers").Aggregate(default(EndCustomerNaming), static (all, name) => all | (name == "key" ? EndCustomerNaming.Key : EndCustomerNaming.Header));

    private static Organisation Organisation(ReadItem item) =>
        new(Id(item), item.Get<string>("name"), item.Get<string>("country"), item.Get<string>("time_zone"), item.FindText("parent")) { Lei = item.FindText("lei") };

    private Model Model(ReadItem item)
    {
        var model = new Model(
            Id(item), item.Get<string>("owner"), EnumWords.Find<ModelKind>(item.Get<string>("kind"))!.Value,
            item.Get<long>("context_tokens"), item.Find<long>("max_output_tokens") ?? 0)
        {
            Tokenizer = item.FindText("tokenizer") switch { "cl100k" => TokenizerKind.Cl100k, "o200k" => TokenizerKind.O200k, _ => TokenizerKind.Bytes },
            IsRestricted = item.Find<bool>("restricted") ?? false,
            RequestsPerThousandTokens = item.Find<decimal>("requests_per_thousand_tokens"),
            Provisioned = CapacityBuilder.Offers(item),
        };
        var wrong = model.Kind == ModelKind.Embedding && model.MaxOutputTokens > 0 ? ("An embedding model generates no tokens.", "Delete max_output_tokens.")
            : model.Kind == ModelKind.Chat && model.MaxOutputTokens == 0 ? ("A chat model that generates no token answers nothing.", "Write 1 or more.")
            : model.MaxOutputTokens > model.ContextTokens ? ($"max_output_tokens is above context_tokens, {model.ContextTokens}.", "Prompt and output share the context: write less.")
            : ((string, string)?)null;
        if (wrong is var (message, remedy))
        {
            faults.Add(item.PlaceOf("max_output_tokens"), message, remedy);
        }

        if (Meter.UnitOf(model.Kind) is not null && model.Provisioned.Count > 0)
        {
            faults.Add(item.PlaceOf("provisioned"), "Units are worth tokens, and calls of this kind of model need not have any.", "Delete provisioned: images and audio are charged by the call.");
        }

        return model;
    }

    private Upstream Upstream(ReadItem item)
    {
        var (kind, address) = item.Get<string>("kind") switch
        {
            "embedded" => (UpstreamKind.Embedded, null),
            "openai" => (UpstreamKind.OpenAi, "https://api.openai.com/v1"),
            "azure_openai" => (UpstreamKind.AzureOpenAi, null),
            "anthropic" => (UpstreamKind.Anthropic, "https://api.anthropic.com/v1"),
            _ => (UpstreamKind.OpenAiCompatible, (string?)null),
        };
        var operations = Operations(item);
        if (operations?.HasFlag(UpstreamOperations.Messages) == true && kind != UpstreamKind.OpenAiCompatible)
        {
            faults.Add(item.PlaceOf("operations"), "OpenAI's and Azure's services have no messages.", "Take messages out of the list; such calls are translated.");
        }

        return new Upstream(Id(item), kind, item.FindText("base_url") ?? address, item.FindText("secret_env"))
        {
            Operations = operations,
            ApiVersion = item.FindText("api_version"),
            Region = item.FindText("region"),
            CostBook = item.FindText("cost_book"),
            OnDisconnect = item.FindText("on_disconnect") == "cancel" ? DisconnectPolicy.Cancel : DisconnectPolicy.Drain,
        };
    }

    private static UpstreamOperations? Operations(ReadItem item) => !item.Has("operations") ? null : item.Get<IReadOnlyList<string>>("operations").Aggregate(
        UpstreamOperations.None,
        static (all, name) => all | name switch
        {
            "chat_completions" => UpstreamOperations.ChatCompletions,
            "completions" => UpstreamOperations.Completions,
            "responses" => UpstreamOperations.Responses,
            "embeddings" => UpstreamOperations.Embeddings,
            "images" => UpstreamOperations.Images,
            "transcriptions" => UpstreamOperations.Transcriptions,
            "speech" => UpstreamOperations.Speech,
            _ => UpstreamOperations.Messages,
        });

    private DeclaredDeployment Deployment(ReadItem item)
    {
        if (item.Has("upstream") == item.Has("routes"))
        {
            faults.Add(item.PlaceOf("routes"), "A deployment has either an upstream or routes.", "Write upstream for one place, routes for several.");
        }
        else if (item.Has("routes") && item.Has("upstream_model"))
        {
            faults.Add(item.PlaceOf("upstream_model"), "Each route has its own upstream_model.", "Move it into the routes.");
        }

        var routes = item.FindText("upstream") is { } only
            ? [new DeclaredRoute(only, item.FindText("upstream_model"), 1, 1)]
            : Each(item.Items("routes"), static route => new DeclaredRoute(
                route.Get<string>("upstream"), route.FindText("upstream_model"), (int)(route.Find<long>("order") ?? 1), (int)(route.Find<long>("weight") ?? 1)))
                .Select(static route => route.Value).ToArray();
        return new DeclaredDeployment(
            item.Get<string>("name"), item.Get<string>("model"), routes, item.Find<long>("default_output_cap"), item.Find<long>("requests_per_minute"),
            item.Find<long>("tokens_per_minute"), item.FindText("region"), item.FindText("limit_mode") == "observe", CapacityBuilder.Capacity(item, faults), item.FindText("filter_policy"));
    }

    private (DateTimeOffset From, DateTimeOffset? To) FromTo(ReadItem item)
    {
        var (from, to) = (item.Get<DateTimeOffset>("from"), item.Find<DateTimeOffset>("to"));
        if (to <= from)
        {
            faults.Add(item.PlaceOf("to"), "It ends before it begins.", "Write a 'to' after 'from', or delete it: then there is no end.");
        }

        return (from, to);
    }

    private Declared<T>[] Each<T>(string section, Func<ReadItem, T> make) => Each(root.Items(section), make);

    private static Declared<T>[] Each<T>(IReadOnlyList<ReadItem> items, Func<ReadItem, T> make) =>
        [.. items.Where(static item => item.IsWhole).Select(item => new Declared<T>(make(item), item))];
}
