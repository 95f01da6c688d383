using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Client;
using Dogana.Insight.Revenue;
using Dogana.Parties;
using Dogana.Rating;
using Dogana.Storage;

namespace Dogana.Insight;

/// <summary>What a report is asked about. Whatever is null is for <see cref="ReportScope"/> to find.</summary>
/// <param name="Seller">Whose documents; null for all channels' sellers.</param>
/// <param name="Channel">Only this channel.</param>
/// <param name="Owner">Only this owner's models.</param>
/// <param name="Model">Only this model.</param>
/// <param name="Through">The last month, as <c>2026-01</c>; the last closed one with documents when null.</param>
/// <param name="Months">How many months, 1 to 120.</param>
/// <param name="Basis"><c>invoiced</c> (when null) or <c>service</c>.</param>
/// <param name="Currency">In which currency; the only one there is when null.</param>
/// <param name="Rates"><c>month_end</c> (when null), or an instant whose exchange rates count for all months.</param>
public sealed record InsightRequest(
    string? Seller = null, string? Channel = null, string? Owner = null, string? Model = null, string? Through = null, int? Months = null, string? Basis = null,
    string? Currency = null, string? Rates = null);

/// <summary>What a report is about, whole: everything that was asked for is there. Immutable.</summary>
public sealed class ReportScope
{
    /// <summary>The most months of one report: ten years.</summary>
    public const int MonthsMax = 120;

    private const string CustomerRows = "revenue_customer join revenue_party on revenue_party.number = party where organisation = @organisation";
    private const string MonthEnd = "month_end", Invoiced = "invoiced", Service = "service";

    private ReportScope(InsightRequest request, PartyTable parties, CatalogTable catalog, ExchangeRates exchange)
    {
        (Request, Parties, Catalog, Exchange) = (request, parties, catalog, exchange);
        Models = request.Model is not null ? [request.Model] : request.Owner is not null ? ModelsOf(request.Owner) : null;
    }

    /// <summary>The sellers.</summary>
    public IReadOnlyList<string> Sellers { get; private init; } = [];

    /// <summary>The first month.</summary>
    public BillingMonth From { get; private init; }

    /// <summary>The last month.</summary>
    public BillingMonth To { get; private init; }

    /// <summary>In which currency.</summary>
    public Currency Currency { get; private init; }

    /// <summary>How many months.</summary>
    public int Months { get; private init; }

    internal InsightRequest Request { get; }

    internal PartyTable Parties { get; }

    internal CatalogTable Catalog { get; }

    internal ExchangeRates Exchange { get; }

    internal IReadOnlyList<string>? Models { get; }

    internal bool IsByService => Request.Basis == Service;

    internal DateTimeOffset? FixedAt { get; private init; }

    /// <summary>Finds what was left out, or says what is wrong with what was asked for.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="months">How many months where the request does not say.</param>
    /// <param name="organisation">One customer, of whom sellers and currencies are asked; null for all.</param>
    public static async Task<Outcome<ReportScope>> ResolveAsync(StoreSession session, InsightRequest request, int months, string? organisation = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(request);
        var parties = await PartyRegister.ReadOfAsync(session, [.. new[] { request.Seller, request.Owner }.OfType<string>()]);
        var catalog = await CatalogRegister.ReadAsync(session);
        if (Wrong(request, parties, catalog) is { } wrong)
        {
            return wrong;
        }

        DateTimeOffset fixedAt = default;
        if (request.Rates is not null and not MonthEnd && !InstantText.TryParse(request.Rates, out fixedAt))
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{request.Rates}' says no exchange rates. Write month_end, or an instant such as 2026-01-01.", "rates");
        }

        string[] sellers = request.Seller is not null ? [request.Seller]
            : organisation is not null ? [.. await session.QueryAsync<string>($"select distinct seller from {CustomerRows} order by seller", new { organisation })]
            : [.. parties.Channels.Values.Select(static channel => channel.Seller).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var column = request.Basis == Service ? "service_month" : "month";
        var parameters = new { sellers = session.List(sellers), organisation };
        var last = request.Through ?? await session.ScalarAsync<string>($"select max({column}) from revenue_model where {session.IsOneOf("seller", "sellers")}", parameters);
        if (last is not null && request.Through is null && await PeriodClose.FindLastClosedAsync(session) is { } closed && string.CompareOrdinal(closed.ToString(), last) < 0)
        {
            last = closed.ToString(); // a month that is not closed yet looks like a fall
        }

        if (last is null)
        {
            return new Problem(ProblemCode.NothingInvoiced, "There are no final documents yet. Close a month first: dogana period close.", "through");
        }

        if (!BillingMonth.Parse(last).TryGet(out var to, out var problem))
        {
            return problem with { Param = "through" };
        }

        var whose = organisation is null ? $"revenue_model where {session.IsOneOf("seller", "sellers")}" : CustomerRows;
        var currencies = await session.QueryAsync<string>($"select distinct currency from {whose} order by currency", parameters);
        if ((request.Currency ?? (currencies.Count == 1 ? currencies[0] : null)) is not { } code)
        {
            return new Problem(ProblemCode.InvalidRequest, $"Documents are in {(currencies.Count == 0 ? "no currency" : string.Join(", ", currencies))}. Say in which to report: currency=EUR.", "currency");
        }

        if (Dogana.Currency.Find(code) is not { } currency)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{code}' is no currency that Dogana knows. Write a code of ISO 4217, such as EUR.", "currency");
        }

        var count = request.Months ?? months;
        return new ReportScope(request, parties, catalog, await ExchangeRates.ReadAsync(session))
        {
            Sellers = sellers,
            Months = count,
            From = to.Plus(1 - count),
            To = to,
            Currency = currency,
            FixedAt = request.Rates is null or MonthEnd ? null : fixedAt,
        };
    }

    /// <summary>How its figures were counted.</summary>
    public InsightBasis ToBasis() => new(
        Sellers, IsByService ? Service : Invoiced, From.ToString(), To.ToString(), Currency.Code, FixedAt is { } at ? InstantText.Format(at) : MonthEnd, To.LastInstant(),
        "Lines of final invoices and credit notes without tax, as they are rounded there; credit that is bought counts when it is used.")
    {
        Channel = Request.Channel,
        Owner = Request.Owner,
        Model = Request.Model,
    };

    /// <summary>The owner of a model; empty for what is about no model.</summary>
    internal string OwnerOf(string model) => Catalog.Models.GetValueOrDefault(model)?.Owner ?? "";

    /// <summary>An amount of a month in the report's currency.</summary>
    /// <exception cref="ProblemException">No rate is in force.</exception>
    internal Money Convert(Money amount, BillingMonth month) =>
        Exchange.Convert(amount, Currency, FixedAt ?? month.LastInstant()).TryGet(out var converted, out var problem) ? converted : throw new ProblemException(problem);

    private string[] ModelsOf(string owner) => [.. Catalog.Models.Values.Where(model => model.Owner == owner).Select(static model => model.Id)];

    private static Problem? Wrong(InsightRequest request, PartyTable parties, CatalogTable catalog) =>
        request.Seller is not null && !parties.Organisations.ContainsKey(request.Seller) ? Missing("organisation", request.Seller, "seller")
        : request.Channel is not null && !parties.Channels.ContainsKey(request.Channel) ? Missing("channel", request.Channel, "channel")
        : request.Owner is not null && !parties.Organisations.ContainsKey(request.Owner) ? Missing("organisation", request.Owner, "owner")
        : request.Model is not null && !catalog.Models.ContainsKey(request.Model) ? Missing("model", request.Model, "model")
        : request.Model is not null && request.Owner is not null && catalog.Models[request.Model].Owner != request.Owner
            ? new Problem(ProblemCode.InvalidRequest, $"'{request.Model}' is not a model of '{request.Owner}'. Name one of the two.", "model")
        : request.Months is < 1 or > MonthsMax ? new Problem(ProblemCode.InvalidRequest, $"A report has 1 to {MonthsMax} months.", "months")
        : request.Basis is not null and not Invoiced and not Service ? new Problem(ProblemCode.InvalidRequest, $"'{request.Basis}' is no basis. Write invoiced or service.", "basis")
        : null;

    private static Problem Missing(string type, string id, string param) => new(ProblemCode.NotFound, $"There is no {type} '{id}'.", param);
}
