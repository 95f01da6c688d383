namespace Dogana.Server.Demo.TwoYears;

/// <summary>A customer on a channel, and how it buys there. Months are counted from 0.</summary>
/// <param name="Organisation">Its id.</param>
/// <param name="Channel">The channel.</param>
/// <param name="Dollars">What it buys at list prices in the month that <see cref="Reference"/> names.</param>
/// <param name="Reference">The month of that amount: the last one in which it buys, whole.</param>
/// <param name="GrowthPermille">How much it buys more than in the month before, in a thousand; may be below zero.</param>
/// <param name="First">The first month.</param>
internal sealed record Customer(string Organisation, string Channel, decimal Dollars, int Reference, int GrowthPermille, int First)
{
    /// <summary>The project that calls.</summary>
    public required string Project { get; init; }

    /// <summary>The first instant at which it no longer buys here; null where it does to the end.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Does it buy no longer because it is suspended? Its contract goes on.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>The first instant at which it buys here, for one that came from another channel; null from its first month on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What it buys: models, and how many of a hundred dollars go to each.</summary>
    public required IReadOnlyList<(SampleModel Model, int Percent)> Models { get; init; }

    /// <summary>How its weeks go: Monday to Sunday.</summary>
    public required IReadOnlyList<int> Week { get; init; }

    /// <summary>Does its use of a month's last two days come in when the month is closed?</summary>
    public bool IsLate { get; init; }

    /// <summary>Does it pay each invoice, and not a quarter's together?</summary>
    public bool PaysMonthly { get; init; }

    /// <summary>Its contract's terms, as the world file says them; empty for none.</summary>
    public string Terms { get; init; } = "";

    /// <summary>The same of the contract that follows at <see cref="Plan.Renewal"/>; null where none does.</summary>
    public string? RenewedTerms { get; init; }
}

/// <summary>An organisation of the world.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">Its country.</param>
/// <param name="Zone">Its time zone.</param>
/// <param name="TaxId">Its number for value added tax, or null.</param>
internal sealed record Company(string Id, string Name, string Country, string Zone, string? TaxId = null);

/// <summary>A model and its list prices in dollars for a million tokens, before and after the cut.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="Input">For prompts.</param>
/// <param name="Output">For answers.</param>
/// <param name="InputAfter">For prompts, from the cut on.</param>
/// <param name="OutputAfter">For answers, from the cut on.</param>
internal sealed record SampleModel(string Id, string Owner, decimal Input, decimal Output, decimal InputAfter, decimal OutputAfter)
{
    /// <summary>How many prompt tokens go with each that is generated.</summary>
    public const int InputsPerOutput = 3;

    /// <summary>The largest, of the owner who also sells directly.</summary>
    public static SampleModel Large { get; } = new("atlas-4", "northwind", 30m, 60m, 10m, 30m);

    /// <summary>A small one of the same owner.</summary>
    public static SampleModel Small { get; } = new("atlas-3", "northwind", 2m, 2m, 0.5m, 1.5m);

    /// <summary>Another owner's, which only the cloud sells.</summary>
    public static SampleModel Other { get; } = new("boreal-1", "boreal", 8m, 24m, 3m, 15m);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<SampleModel> All { get; } = [Large, Small, Other];

    /// <summary>What a million generated tokens cost with the prompts that go with them.</summary>
    public decimal PriceOfMillion(bool isCut) => isCut ? InputsPerOutput * InputAfter + OutputAfter : InputsPerOutput * Input + Output;
}
