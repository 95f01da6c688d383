using System.Globalization;

namespace Dogana.Server.Demo.TwoYears;

/// <summary>Who buys, since when, how much and on which terms. Follows from the plan's seed.</summary>
internal sealed class Population
{
    /// <summary>The most customers that there are names for.</summary>
    public const int CustomersMax = 600;

    /// <summary>How the ids of the family's companies begin, and no others.</summary>
    public const string FamilyPrefix = "lumen-";

    /// <summary>Whose months the family's contracts are made of.</summary>
    public const string FamilyZone = "Asia/Singapore";

    /// <summary>The customer that moves from the direct channel to the cloud.</summary>
    public const string Mover = "quill-robotics";

    // What all customers of a channel buy in the last month, at list prices; what the family buys of the cloud's; discounts and credit notes take some of it.
    private const decimal CloudDollars = 86_220_000m, FamilyDollars = 22_300_000m, DirectDollars = 31_000_000m;

    private static readonly int[] Evenly = [1000, 1010, 1010, 1000, 1020, 980, 980], Offices = [1300, 1340, 1340, 1320, 1200, 260, 240], Weekdays = [1400, 1420, 1420, 1400, 1360, 0, 0];

    private static readonly (string Country, string Zone, string Form)[] Places =
    [
        ("US", "America/New_York", "Inc."), ("US", "America/Chicago", "LLC"), ("US", "America/Los_Angeles", "Inc."), ("US", "America/Denver", "Corp."), ("DE", "Europe/Berlin", "GmbH"), ("FR", "Europe/Paris", "SAS"),
        ("GB", "Europe/London", "Ltd"), ("IT", "Europe/Rome", "S.p.A."), ("NL", "Europe/Amsterdam", "B.V."), ("JP", "Asia/Tokyo", "KK"), ("IN", "Asia/Kolkata", "Pvt Ltd"), ("BR", "America/Sao_Paulo", "S.A."),
    ];

    private static readonly string[] Names =
    [
        "Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Garnet", "Harbor", "Indigo", "Juniper", "Kestrel", "Linden", "Marble", "Nimbus", "Onyx", "Poplar", "Quartz", "Raven", "Saffron", "Tundra",
        "Umber", "Violet", "Willow", "Yarrow", "Zephyr",
    ];

    private static readonly string[] Trades =
    [
        "Foods", "Freight", "Insurance", "Software", "Media", "Retail", "Energy", "Clinics", "Analytics", "Games", "Banking", "Travel", "Textiles", "Learning", "Motors", "Telecom", "Design", "Legal", "Robotics",
        "Studios", "Logistics", "Hotels", "Pharma", "Search",
    ];

    private readonly Plan _plan;
    private readonly List<Company> _companies = [];
    private readonly List<Customer> _customers = [];

    public Population(Plan plan)
    {
        _plan = plan;
        AddFamily();
        AddMover();
        var others = plan.CustomerCount - _companies.Count;
        var cloud = others * 2 / 3;
        AddChannel("cloud", cloud, CloudDollars - FamilyDollars, 0);
        AddChannel("direct", others - cloud, DirectDollars, cloud);
    }

    /// <summary>The organisations that buy.</summary>
    public IReadOnlyList<Company> Companies => _companies;

    /// <summary>What they buy, one for an organisation and a channel.</summary>
    public IReadOnlyList<Customer> Customers => _customers;

    // Under one control (who owns whom stands in the world file). On the cloud its labs go on after the owner has suspended the family on the direct channel.
    private void AddFamily()
    {
        _companies.AddRange(
        [
            new("lumen-media", "Lumen Media Pte. Ltd.", "SG", FamilyZone), new("lumen-play", "Lumen Play, Inc.", "US", "America/Los_Angeles"), new("lumen-labs", "Lumen Labs Ltd", "GB", "Europe/London", "GB365462636"),
            new("lumen-commerce", "Lumen Commerce KK", "JP", "Asia/Tokyo"),
        ]);
        foreach (var (id, percent, growth) in new[] { ("lumen-media", 56, 100), ("lumen-play", 25, 120), ("lumen-labs", 12, 150), ("lumen-commerce", 7, 80) })
        {
            var dollars = FamilyDollars * percent / 100;
            _customers.Add(new Customer(id, "cloud", dollars, _plan.MonthCount - 1, growth, 0)
            {
                Project = id + "-cloud", Models = [(SampleModel.Large, 75), (SampleModel.Small, 15), (SampleModel.Other, 10)], Week = Evenly, PaysMonthly = true,
                Terms = $"time_zone: {FamilyZone}, discounts: [{{ id: volume, name: Volume discount, percent: 5 }}]",
                RenewedTerms = $"time_zone: {FamilyZone}, discounts: [{{ id: volume, name: Volume discount, percent: 10 }}], term_months: 24, minimums: [{{ id: commitment, cadence: term, amount: {Dollars(dollars * 14)} }}]",
            });
        }

        _customers.Add(new Customer("lumen-labs", "direct", 2_800_000m, _plan.IndexOf(_plan.Suspension), 90, 0)
        {
            Project = "lumen-labs-direct", Until = _plan.Suspension, IsSuspended = true, Models = [(SampleModel.Large, 100)], Week = Evenly, PaysMonthly = true,
        });
    }

    private void AddMover()
    {
        _companies.Add(new Company(Mover, "Quill Robotics, Inc.", "US", Plan.MoverZone));
        var before = new Customer(Mover, "direct", 700_000m, _plan.MonthCount - 1, 20, 0)
        {
            Project = Mover, Until = _plan.ChannelMove, Models = [(SampleModel.Large, 80), (SampleModel.Small, 20)], Week = Offices, PaysMonthly = true,
        };
        _customers.AddRange([before, before with { Channel = "cloud", Since = _plan.ChannelMove, Until = null }]);
    }

    // The n-th largest buys about one n-th of what the largest does. Who left comes on top: it is in no sum of the last month.
    private void AddChannel(string channel, int count, decimal dollars, int begun)
    {
        var leavers = count / 12;
        var stay = count - leavers;
        var whole = Enumerable.Range(0, stay).Sum(static rank => 1_000_000m / (rank + 9));
        for (var rank = 0; rank < count; rank++)
        {
            var random = Seeded.Of(_plan.Seed, string.Create(CultureInfo.InvariantCulture, $"{channel}/{rank}"));
            var company = NewCompany(random, begun + rank);
            _companies.Add(company);
            var leaves = rank >= stay;
            var share = decimal.Round(dollars * (1_000_000m / ((leaves ? random.Below(stay) : rank) + 9)) / whole, 2);
            _customers.Add(NewCustomer(random, company, channel, share, rank, leaves));
        }
    }

    private Customer NewCustomer(Seeded random, Company company, string channel, decimal dollars, int rank, bool leaves)
    {
        var last = _plan.MonthCount - 1;
        var first = random.Happens(38) ? 0 : random.Below(Math.Max(1, last - 1));
        var end = leaves ? Math.Min(last, first + 1 + random.Below(Math.Max(1, last - first))) : last + 1;
        var models = channel == "direct" ? (SampleModel.Large, SampleModel.Small) : random.Below(4) switch { 0 => (SampleModel.Other, SampleModel.Small), 1 => (SampleModel.Small, SampleModel.Other), _ => (SampleModel.Large, SampleModel.Other) };
        return new Customer(company.Id, channel, dollars, end - 1, random.Of([-15, 0, 10, 20, 30, 40, 50, 65]), first)
        {
            Project = $"{company.Id}-{channel}", Until = leaves ? _plan.Months[end].Start(company.Zone) : null,
            Models = rank < 60 ? [(models.Item1, 80), (models.Item2, 20)] : [(models.Item1, 100)],
            Week = rank % 3 == 0 ? Evenly : rank < 120 ? Offices : Weekdays,
            IsLate = random.Happens(10), PaysMonthly = rank < 20, Terms = NewTerms(random, dollars, rank, _plan.Months[first].Start(company.Zone)),
        };
    }

    private static string NewTerms(Seeded random, decimal dollars, int rank, DateTimeOffset from)
    {
        var terms = new List<string>();
        if (random.Happens(20))
        {
            terms.Add($"fees: [{{ id: support, name: Support, amount: {Dollars(dollars / 50)}, prorated: true }}]");
        }

        if (rank < 40 || random.Happens(15))
        {
            terms.Add(string.Create(CultureInfo.InvariantCulture, $"discounts: [{{ id: volume, name: Volume discount, percent: {2 + random.Below(5)} }}]"));
        }

        if (random.Happens(12))
        {
            terms.Add($"minimums: [{{ id: monthly, cadence: period, amount: {Dollars(dollars / 3)} }}]");
        }
        else if (random.Happens(10))
        {
            terms.Add($"term_months: 12, minimums: [{{ id: yearly, cadence: term, amount: {Dollars(dollars * 4)}, early_end: prorated }}]");
        }

        if (random.Happens(8))
        {
            terms.Add($"prepayments: [{{ id: start, name: Prepaid credit, amount: {Dollars(dollars * 2)}, from: {WorldText.Instant(from)}, expires: {WorldText.Instant(from.AddMonths(12))} }}]");
        }

        return string.Join(", ", terms);
    }

    // Each pair of words once: the factor has no divisor in common with how many there are.
    private static Company NewCompany(Seeded random, int place)
    {
        var number = place * 7_919 % CustomersMax;
        var (name, trade) = (Names[number % Names.Length], Trades[(number / Names.Length + number % Names.Length) % Trades.Length]);
        var (country, zone, form) = random.Of(Places);
        var taxId = country is "US" or "JP" or "IN" or "BR" ? null : string.Create(CultureInfo.InvariantCulture, $"{country}{100_000_000 + number}");
        return new Company($"{name}-{trade}".ToLowerInvariant(), $"{name} {trade} {form}", country, zone, taxId);
    }

    private static string Dollars(decimal amount) => decimal.Round(amount / 100m).ToString("0", CultureInfo.InvariantCulture) + "00.00";
}
