namespace Dogana.Settlement;

/// <summary>What a share is a part of. Stored by name; grows by appending.</summary>
public enum ShareBasis
{
    /// <summary>What was invoiced without tax, less credit notes.</summary>
    Net = 1,

    /// <summary>What was invoiced with tax, less credit notes.</summary>
    Gross = 2,

    /// <summary>The net amount, in proportion to what customers have paid: prepaid credit counts when it is used, payments when they come.</summary>
    Collected = 3,
}

/// <summary>For how long one minimum guarantee is. Stored by name; grows by appending.</summary>
public enum GuaranteePeriod
{
    /// <summary>Each month.</summary>
    Month = 1,

    /// <summary>Each three months, from the leg's first one on.</summary>
    Quarter = 2,

    /// <summary>Each twelve months, from the leg's first one on.</summary>
    Year = 3,

    /// <summary>The leg's whole window, once.</summary>
    Term = 4,
}

/// <summary>The rate of a part of the basis, as it adds up over the leg's life.</summary>
/// <param name="UpTo">Where the part ends, as the leg's cumulative basis; null for the last one, which has no end.</param>
/// <param name="BasisPoints">1/100 of a per cent, 0 to 10,000.</param>
public sealed record ShareTier(Money? UpTo, int BasisPoints);

/// <summary>The least that a leg gives in a period. What its shares leave of it is added as a true-up.</summary>
/// <param name="Amount">For one period, in whole minor units. A period that was only begun counts whole.</param>
/// <param name="Period">How long a period is: calendar months of UTC, from that of the leg's first instant on.</param>
public sealed record ShareGuarantee(Money Amount, GuaranteePeriod Period);

/// <summary>
/// One direction of a share agreement: what one company owes another of what is invoiced. A line of a document is in it when the last instant of the line's
/// service period is in the leg's window.
/// </summary>
/// <param name="Agreement">The share agreement's id.</param>
/// <param name="Id">Unique in the agreement.</param>
/// <param name="Payer">Who owes the share.</param>
/// <param name="Payee">Whom it is owed to.</param>
/// <param name="From">The first instant it is in force.</param>
/// <param name="To">The first instant it no longer is, or null while it has no end.</param>
/// <param name="Tiers">The rates (graduated): one at least, each with its end but the last one.</param>
public sealed record ShareLeg(
    string Agreement, string Id, string Payer, string Payee, DateTimeOffset From, DateTimeOffset? To, IReadOnlyList<ShareTier> Tiers)
{
    /// <summary>The channel whose documents are shared; null for all that the payer itself invoices.</summary>
    public string? Channel { get; init; }

    /// <summary>Only this model owner's models; null for all lines, or those of <see cref="Models"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>Only lines of these models; empty for all lines, or those of <see cref="Owner"/>.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What it is a part of.</summary>
    public ShareBasis Basis { get; init; } = ShareBasis.Net;

    /// <summary>Only documents in this currency; null for all, each by itself. Tiers, a cap and a guarantee are in it.</summary>
    public Currency? Currency { get; init; }

    /// <summary>The most that it gives in its life, true-ups included; null for no bound.</summary>
    public Money? Cap { get; init; }

    /// <summary>The least that it gives in each period; null for nothing.</summary>
    public ShareGuarantee? Guarantee { get; init; }

    /// <summary>As messages and documents name it.</summary>
    public string Name => Agreement == Id ? Id : $"{Agreement}/{Id}";

    /// <summary>Are all lines in it, whatever their model?</summary>
    public bool IsForAllModels => Owner is null && Models.Count == 0;

    /// <summary>Is it in force at an instant?</summary>
    public bool IsInForce(DateTimeOffset at) => at >= From && (To is not { } end || at < end);

    /// <summary>Does it cover the documents that a seller issues on a channel in a currency?</summary>
    public bool CoversDocuments(string seller, string channel, Currency currency) =>
        (Channel is null ? seller == Payer : channel == Channel) && (Currency is null || Currency == currency);
}
