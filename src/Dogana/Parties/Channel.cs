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

    /// <summary>The channel's seller has some hours to decide; when it says nothing, the measure holds.</summary>
    Review = 3,
}

/// <summary>How a call on a channel may name its end customer. Stored by name.</summary>
[Flags]
public enum EndCustomerNaming
{
    /// <summary>By the key, which was made for one end customer.</summary>
    Key = 1,

    /// <summary>By the header <c>Dogana-End-Customer</c>.</summary>
    Header = 2,
}

/// <summary>What a model owner and a channel's seller agreed.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="Channel">The channel that may sell the owner's models.</param>
/// <param name="Measures">How the owner's measures reach the channel.</param>
public sealed record Agreement(string Id, string Owner, string Channel, MeasureFlow Measures)
{
    /// <summary>How long the seller may think about a measure; for <see cref="MeasureFlow.Review"/> only.</summary>
    public TimeSpan? ReviewTime { get; init; }

    /// <summary>How calls on the channel may name their end customer, where a project resells.</summary>
    public EndCustomerNaming EndCustomers { get; init; } = EndCustomerNaming.Key | EndCustomerNaming.Header;

    /// <summary>The upstreams on which the owner's models may run for this channel (exclusivity); null for any.</summary>
    public IReadOnlyList<string>? Upstreams { get; init; }
}

/// <summary>Where calls are counted and keys belong: an organisation's account on one channel.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Organisation">The customer.</param>
/// <param name="Channel">The channel it buys on.</param>
public sealed record Project(string Id, string Organisation, string Channel)
{
    /// <summary>Is text kept for it, encrypted? Its files and batches; and answers to calls with an <c>Idempotency-Key</c>, for 24 hours, so that a repeat gets the same answer.</summary>
    public bool StoresAnswers { get; init; }

    /// <summary>
    /// For how long its response cache answers equal calls with an answer that it kept, 1 second to <see cref="ResponseCacheTimeMax"/>; null where it has none. Only with
    /// <see cref="StoresAnswers"/>.
    /// </summary>
    public TimeSpan? ResponseCacheTime { get; init; }

    /// <summary>Has it a response cache?</summary>
    public bool HasResponseCache => StoresAnswers && ResponseCacheTime is not null;

    /// <summary>The longest time that a response cache keeps answers.</summary>
    public static TimeSpan ResponseCacheTimeMax { get; } = TimeSpan.FromDays(30);

    /// <summary>Do traces carry prompts and answers? Off by default: they are the customer's.</summary>
    public bool TracesContent { get; init; }

    /// <summary>The country of the project's contract, ISO 3166-1 alpha-2; null for the organisation's own.</summary>
    public string? Country { get; init; }

    /// <summary>Does the organisation call models for end customers of its own? Then restricted models are served only for one that the call names.</summary>
    public bool Resells { get; init; }

    /// <summary>The tier of its calls that ask for none: <c>batch</c>, <c>standard</c> or <c>priority</c>, the words of Catalog's enum.</summary>
    public string ServiceTier { get; init; } = "standard";

    /// <summary>May its calls be served in the tier priority? Otherwise those that ask for it are served as standard.</summary>
    public bool MayUsePriority { get; init; }

    /// <summary>The filter policy that its calls are looked at by; null for none.</summary>
    public string? FilterPolicy { get; init; }

    /// <summary>The channels that it moved to, by time; <see cref="Channel"/> is where it began.</summary>
    public IReadOnlyList<ProjectMove> Moves { get; init; } = [];

    /// <summary>The channel that a call accepted at this instant is bought on.</summary>
    public string ChannelAt(DateTimeOffset at)
    {
        for (var i = Moves.Count - 1; i >= 0; i--)
        {
            if (Moves[i].At <= at)
            {
                return Moves[i].Channel;
            }
        }

        return Channel;
    }
}

/// <summary>A project's move to another channel: its keys go on, and calls are sold there from that instant on.</summary>
/// <param name="Channel">Where to.</param>
/// <param name="At">The first instant there.</param>
public sealed record ProjectMove(string Channel, DateTimeOffset At);
