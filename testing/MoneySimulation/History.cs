using System.Globalization;
using Dogana.Billing;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Rating;
using NodaTime;

namespace Dogana.Testing.MoneySimulation;

/// <summary>One thing that was used: a call, or an outside event where it has a meter.</summary>
internal sealed record Use(
    int Node, string Id, DateTimeOffset At, string Organisation, string Channel, string Model, long Input, long Cached, long Output, string? EndCustomer, string? Meter, long Quantity, bool IsCharged)
{
    /// <summary>Is it taken back at some time?</summary>
    public bool IsVoided { get; init; }
}

/// <summary>What somebody declares at an instant.</summary>
internal sealed record Declared(DateTimeOffset At, Contract? Contract, PriceBookVersion? Prices)
{
    public IReadOnlyList<ExchangeRate> Rates { get; init; } = [];
}

/// <summary>What truly happened, whoever counts it and when: parties, prices, contracts, and everything that was used. All of it follows from a seed.</summary>
internal sealed class History
{
    public const string EventMeter = "pictures";

    private static readonly string[] Models = ["unit", "graduated", "volume", "package", "flat"];

    private static readonly string[] Currencies = ["INR", "EUR", "JPY", "KWD"];

    private readonly Random _random;
    private readonly Random _money; // its own: the rest of a seed's history stays what it was
    private readonly Random _past; // likewise
    private readonly List<Contract> _contracts = [];

    private History(int seed)
    {
        (_random, _money, _past) = (new Random(seed), new Random(~seed), new Random(seed ^ 0x70617374));
        Start = new DateTimeOffset(2023 + _random.Next(6), 1 + _random.Next(12), 1, 0, 0, 0, TimeSpan.Zero).AddDays(-2);
        Months = 2 + _random.Next(3);
        End = Start.AddMonths(Months);
        First = new BillingMonth(Start.Year, Start.Month);
        (Organisations, Channels) = Parties();
        Books = [new PriceBook("usd", "USD", "USD"), new PriceBook("yen", "Yen", "JPY"), new PriceBook("dinar", "Dinar", "KWD"), new PriceBook("special", "Special", "USD")];
        Versions = [.. Books.Select(book => new PriceBookVersion(book.Id, Start.AddYears(-1), [.. book.Id == "special" ? Prices(_random).Take(2) : Prices(_random)]))];
        DeclareContracts();
        Rates = [.. Books.Select(static book => book.Currency).Distinct(StringComparer.Ordinal).SelectMany(_ => Currencies, static (from, to) => (from, to)).Where(static pair => pair.from != pair.to)
            .SelectMany(pair => NewRates(pair.from, pair.to))];
        Later = [.. DeclareLater().Concat(DeclareRates()).OrderBy(static item => item.At)];
        Uses = [.. Enumerable.Range(0, 30 + _random.Next(50)).Select(NewUse)];
    }

    public DateTimeOffset Start { get; }

    public DateTimeOffset End { get; }

    public int Months { get; }

    /// <summary>The first month that is closed.</summary>
    public BillingMonth First { get; }

    /// <summary>The last: two more than anything was used in.</summary>
    public BillingMonth Last
    {
        get
        {
            var month = First;
            for (var index = 0; index < Months + 2; index++)
            {
                month = month.Next;
            }

            return month;
        }
    }

    public int Nodes { get; private set; }

    public IReadOnlyList<Organisation> Organisations { get; }

    public IReadOnlyList<Channel> Channels { get; }

    public IReadOnlyList<PriceBook> Books { get; }

    public IReadOnlyList<PriceBookVersion> Versions { get; }

    /// <summary>All exchange rates as they are in the end.</summary>
    public IReadOnlyList<ExchangeRate> Rates { get; }

    /// <summary>Contracts that are there from the beginning.</summary>
    public IReadOnlyList<Contract> Contracts => _contracts;

    public IReadOnlyList<Declared> Later { get; }

    public IReadOnlyList<Use> Uses { get; }

    /// <summary>All contracts as they are in the end.</summary>
    public IEnumerable<Contract> FinalContracts => _contracts.Concat(Later.Select(static item => item.Contract).OfType<Contract>()).GroupBy(static contract => contract.Id, StringComparer.Ordinal).Select(static group => group.Last());

    /// <summary>All prices as they are in the end.</summary>
    public IEnumerable<PriceBookVersion> FinalVersions => Versions.Concat(Later.Select(static item => item.Prices).OfType<PriceBookVersion>());

    public static History Of(int seed) => new(seed);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"from {Start:yyyy-MM-dd} {Months} months, {Nodes} nodes, {Uses.Count} uses, contracts: {string.Join(" | ", FinalContracts.Select(Say))}");

    private static string Say(Contract contract) => string.Create(CultureInfo.InvariantCulture,
        $"{contract.Id} {contract.Terms.TimeZone} {contract.Terms.PeriodMonths}m {contract.Terms.Anchor} {contract.From:MM-ddTHH}..{contract.To:MM-ddTHH}"
            + $" fees {contract.Terms.Fees.Count} discounts {contract.Terms.Discounts.Count} minimums {string.Join('+', contract.Terms.Minimums.Select(static item => item.Cadence))} credit {contract.Terms.Prepayments.Count} in {contract.Terms.BillingCurrency ?? "the book's currency"}");

    private (IReadOnlyList<Organisation> Organisations, IReadOnlyList<Channel> Channels) Parties()
    {
        var zones = DateTimeZoneProviders.Tzdb.Ids;
        Nodes = 1 + _random.Next(4);
        string Zone() => _random.Next(3) == 0 ? "Europe/Rome" : zones[_random.Next(zones.Count)];
        var customers = Enumerable.Range(1, 2 + _random.Next(3)).Select(index => new Organisation($"c{index}", $"Customer {index}", "IT", Zone(), null));
        return ([new Organisation("owner", "Owner", "IT", "Europe/Rome", null), new Organisation("cloud", "Cloud", "US", Zone(), null), new Organisation("shop", "Shop", "IT", Zone(), null), .. customers],
            [new Channel("direct", "Direct", ChannelKind.Direct, "owner"), new Channel("resale", "Resale", ChannelKind.Reseller, "cloud")]);
    }

    private static List<Price> Prices(Random random)
    {
        decimal Amount() => random.Next(1, 10_000) / 100m;
        long[] pers = [1, 1_000, 1_000_000];
        long Per() => pers[random.Next(3)];
        PriceTier[] Tiers() => [new PriceTier(random.Next(1, 500_000), Amount(), random.Next(3) == 0 ? Amount() : 0m), new PriceTier(random.Next(500_000, 3_000_000), Amount()), new PriceTier(null, Amount())];
        return
        [
            new Price("unit", Meter.InputTokens, Amount(), Per()), new Price("volume", Meter.InputTokens, 0m, 1_000) { Kind = PriceKind.Volume, Tiers = Tiers() },
            new Price("unit", Meter.CachedInputTokens, Amount(), 1_000_000), new Price("unit", Meter.OutputTokens, Amount(), Per()),
            new Price("graduated", Meter.InputTokens, 0m, 1_000) { Kind = PriceKind.Graduated, Tiers = Tiers() }, new Price("graduated", Meter.OutputTokens, Amount(), 1_000_000),
            new Price("package", Meter.InputTokens, Amount(), 100_000) { Kind = PriceKind.Package }, new Price("flat", Meter.InputTokens, Amount(), 1) { Kind = PriceKind.Flat },
            new Price(EventMeter, Meter.Find(EventMeter)!, Amount(), 1),
        ];
    }

    private void DeclareContracts()
    {
        foreach (var customer in Organisations.Skip(3))
        {
            foreach (var channel in Channels.Where(channel => channel.Id == "direct" || _random.Next(2) == 0))
            {
                var from = _random.Next(3) == 0 ? Start.AddMonths(-_random.Next(1, 5)) : Moment(0.2);
                var to = _random.Next(3) == 0 ? Moment(0.9) : (DateTimeOffset?)null;
                var first = NewContract($"{customer.Id}-{channel.Id}-1", customer, channel, from, to > from ? to : null);
                _contracts.Add(first);
                if (first.To is { } end && _random.Next(2) == 0)
                {
                    _contracts.Add(NewContract($"{customer.Id}-{channel.Id}-2", customer, channel, end, null));
                }
            }
        }

        // The first customer resells to a shop.
        if (_random.Next(2) == 0)
        {
            var retail = NewContract("shop-retail", Organisations[2], Channels[0], Start.AddMonths(-1), null);
            _contracts.Add(retail with { Terms = retail.Terms with { Seller = "c1" } });
        }
    }

    private Contract NewContract(string id, Organisation customer, Channel channel, DateTimeOffset from, DateTimeOffset? to)
    {
        var book = Books[_random.Next(3)].Id;
        int[] months = [1, 1, 1, 2, 3];
        decimal Whole() => _random.Next(1, 200);
        var term = _random.Next(4) == 0 ? _random.Next(1, 4) : 0;
        var minimums = new List<SpendMinimum>();
        if (_random.Next(3) == 0)
        {
            minimums.Add(new SpendMinimum("period", Whole(), MinimumCadence.Period, _random.Next(2) == 0 ? EarlyEnd.Full : EarlyEnd.Prorated));
        }

        if (term > 0)
        {
            minimums.Add(new SpendMinimum("term", Whole() * 10m, MinimumCadence.Term, _random.Next(2) == 0 ? EarlyEnd.Full : EarlyEnd.Prorated));
        }

        var expires = _random.Next(2) == 0 ? from.AddDays(_random.Next(1, 80)) : (DateTimeOffset?)null;
        return new Contract(id, customer.Id, channel.Id, book, from, to)
        {
            Terms = WithCurrency(new ContractTerms
            {
                TimeZone = customer.TimeZone,
                Overrides = book == "usd" && _random.Next(2) == 0 ? "special" : null,
                Anchor = _random.Next(2) == 0 ? PeriodAnchor.Calendar : PeriodAnchor.Anniversary,
                PeriodMonths = months[_random.Next(months.Length)],
                TermMonths = term,
                Fees = [.. Enumerable.Range(0, Math.Max(0, _random.Next(4) - 1)).Select(index => new ContractFee($"f{index}", "Fee", Whole(), _random.Next(2) == 0))],
                Discounts = [.. Enumerable.Range(0, Math.Max(0, _random.Next(4) - 1)).Select(index => new ContractDiscount($"d{index}", "Discount", _random.Next(1, 3_000), _random.Next(2) == 0 ? [] : ["unit", "volume"]))],
                Minimums = minimums,
                Prepayments = _random.Next(3) != 0 ? [] :
                [
                    new Prepayment("p0", "Bought", Whole(), from, null, _random.Next(3), false), new Prepayment("p1", "Given", Whole(), from, expires, _random.Next(3), true),
                ],
            }),
        };
    }

    // Credit stays in the currency that it is bought in.
    private ContractTerms WithCurrency(ContractTerms terms) =>
        _money.Next(2) == 0 || terms.Prepayments.Count > 0 ? terms : terms with { BillingCurrency = Currencies[_money.Next(Currencies.Length)] };

    private IEnumerable<ExchangeRate> NewRates(string from, string to)
    {
        var at = Start.AddYears(-1);
        for (var changes = _money.Next(5); changes >= 0; changes--)
        {
            yield return new ExchangeRate(from, to, at, _money.Next(1, 10_000_000) / (to == "JPY" ? 1_000m : 100_000m), "market");
            at = Start.AddMicroseconds(_money.NextInt64(1 + (long)(End - Start).TotalMicroseconds) + (at < Start ? 0 : (at - Start).Ticks / 10));
        }
    }

    // Most pairs are there from the beginning; some only when months have been closed without them.
    private IEnumerable<Declared> DeclareRates() => Rates.GroupBy(static rate => (rate.Base, rate.Quote)).OrderBy(static pair => pair.Key)
        .Select(pair => new Declared(_money.Next(3) > 0 ? Start : Moment(_money), null, null) { Rates = [.. pair] });

    // Contracts ended early, one that is declared when its customer has long used something, and new prices.
    private IEnumerable<Declared> DeclareLater()
    {
        foreach (var contract in _contracts.Where(contract => contract.To is null && _random.Next(6) == 0).ToArray())
        {
            var at = Moment(0.9);
            if (at > contract.From)
            {
                yield return new Declared(at, contract with { To = at.AddMinutes(_random.Next(1, 20_000)) }, null);
            }
        }

        if (_random.Next(2) == 0)
        {
            yield return new Declared(Moment(0.8), NewContract("late", Organisations[1], Channels[0], Start, null), null);
        }

        foreach (var book in Books.Where(_ => _random.Next(2) == 0))
        {
            var at = Moment(0.9);
            yield return new Declared(at, null, new PriceBookVersion(book.Id, at.AddMinutes(_random.Next(60, 30_000)), book.Id == "special" ? [.. Prices(_random).Take(2)] : Prices(_random)));
        }

        // Prices of the past, of what was used and of what may be on documents.
        for (var count = _past.Next(4); count > 0; count--)
        {
            var (book, from, at) = (Books[_past.Next(Books.Count)], Moment(_past), Moment(_past));
            yield return new Declared(at, null, new PriceBookVersion(book.Id, from, book.Id == "special" ? [.. Prices(_past).Take(2)] : Prices(_past)) { IsRetroactive = true });
        }
    }

    private Use NewUse(int number)
    {
        var customer = _random.Next(8) == 0 ? Organisations[1] : Organisations[3 + _random.Next(Organisations.Count - 3)];
        var channel = customer.Id == "cloud" || _random.Next(3) > 0 ? "direct" : "resale";
        var isEvent = _random.Next(6) == 0;
        var model = Models[_random.Next(Models.Length)];
        var isOnly = isEvent || model is not ("unit" or "graduated");
        return new Use(
            _random.Next(Nodes), string.Create(CultureInfo.InvariantCulture, $"u{number:0000}"), Instant(customer), customer.Id, channel, isEvent ? EventMeter : model,
            isEvent ? 0 : _random.Next(1, 2_000_000), isOnly || _random.Next(2) == 0 ? 0 : _random.Next(1, 50_000), isOnly ? 0 : _random.Next(0, 100_000),
            !isEvent && customer.Id == "c1" && channel == "direct" && _random.Next(2) == 0 ? "shop" : null, isEvent ? EventMeter : null, isEvent ? _random.Next(1, 100) : 0,
            isEvent || _random.Next(12) > 0)
        {
            IsVoided = _random.Next(8) == 0,
        };
    }

    // Anywhere, or where something begins or ends: months in the customer's zone, contracts, a year, 29 February.
    private DateTimeOffset Instant(Organisation customer)
    {
        var edges = new List<DateTimeOffset>();
        for (var month = First; month <= new BillingMonth(End.Year, End.Month); month = month.Next)
        {
            edges.Add(DateTimeZoneProviders.Tzdb[customer.TimeZone].AtStartOfDay(new LocalDate(month.Year, month.Month, 1)).ToDateTimeOffset().ToUniversalTime());
        }

        edges.AddRange(FinalContracts.Where(contract => contract.Organisation == customer.Id).SelectMany(static contract => new[] { contract.From, contract.To ?? contract.From }));
        var near = edges.Where(edge => edge > Start && edge < End).ToArray();
        return near.Length > 0 && _random.Next(4) == 0 ? near[_random.Next(near.Length)].AddMicroseconds(_random.Next(-1, 2)) : Moment(1.0);
    }

    // To the microsecond, as stores keep it, in the first part of the history.
    private DateTimeOffset Moment(double part) => Start.AddMicroseconds(_random.NextInt64((long)((End - Start).TotalMicroseconds * part)));

    private DateTimeOffset Moment(Random random) => Start.AddMicroseconds(random.NextInt64((long)(Last.End("Etc/UTC") - Start).TotalMicroseconds));
}
