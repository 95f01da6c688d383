namespace Dogana.Parties;

/// <summary>How a channel reaches the customer. Stored by name.</summary>
public enum ChannelKind
{
    /// <summary>The model's owner sells itself.</summary>
    Direct = 1,

    /// <summary>Another company sells the owner's models, in its own name.</summary>
    Reseller = 2,
}

/// <summary>A way to buy.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Name">For people.</param>
/// <param name="Kind">Direct or through a reseller.</param>
/// <param name="Seller">The organisation that invoices: the seller of record.</param>
public sealed record Channel(string Id, string Name, ChannelKind Kind, string Seller);

/// <summary>How a model owner's measure against a family reaches a channel. Stored by name.</summary>
public enum MeasureFlow
{
    /// <summary>It does not: the channel decides alone.</summary>
    None = 1,

    /// <summary>It holds on the channel as on the owner's own.</summary>
    Binding = 2,
}

/// <summary>What a model owner and a channel's seller agreed.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Channel">The channel that may sell the owner's models.</param>
/// <param name="Measures">How the owner's measures reach the channel.</param>
public sealed record Agreement(string Id, string Owner, string Channel, MeasureFlow Measures);

/// <summary>Where calls are counted and keys belong: an organisation's account on one channel.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel it buys on.</param>
public sealed record Project(string Id, string Organisation, string Channel)
{
    /// <summary>Are answers to calls with an <c>Idempotency-Key</c> kept, encrypted, for 24 hours, so that a repeat gets the same answer?</summary>
    public bool StoresAnswers { get; init; }

    /// <summary>Do traces carry prompts and answers? Off by default: they are the customer's.</summary>
    public bool TracesContent { get; init; }
}
