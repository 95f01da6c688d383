namespace Dogana.Catalog;

/// <summary>What a model does. Stored by name.</summary>
public enum ModelKind
{
    /// <summary>Answers a conversation.</summary>
    Chat = 1,

    /// <summary>Turns text into a vector.</summary>
    Embedding = 2,

    /// <summary>Makes images of text.</summary>
    Image = 3,

    /// <summary>Writes speech down.</summary>
    Transcription = 4,

    /// <summary>Reads text aloud.</summary>
    Speech = 5,
}

/// <summary>A model, as its owner publishes it.</summary>
/// <param name="Id">As on the wire, for example <c>clerk-1</c>.</param>
/// <param name="Owner">The organisation whose model it is, and whose measures decide who may use it.</param>
/// <param name="Kind">What it does.</param>
/// <param name="ContextTokens">Prompt and output together, in tokens.</param>
/// <param name="MaxOutputTokens">The most that one call may ask for, in tokens; of a model that makes images or speech the most that one image or reading may count, 0 where it is not charged by the token.</param>
public sealed record Model(string Id, string Owner, ModelKind Kind, long ContextTokens, long MaxOutputTokens)
{
    /// <summary>How its tokens are counted where its upstream does not do it.</summary>
    public TokenizerKind Tokenizer { get; init; } = TokenizerKind.Bytes;

    /// <summary>Requests per minute that go with 1,000 tokens per minute of a quota; null where a quota limits tokens alone.</summary>
    public decimal? RequestsPerThousandTokens { get; init; }

    /// <summary>Is it served only where everything that decides is known? Then an unknown end customer, owner or country is a no.</summary>
    public bool IsRestricted { get; init; }

    /// <summary>When its owner released it: told as its <c>created</c>; null where that is not stated. Who may call it, and from when, is said by <see cref="ReleaseWave"/>s.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    /// <summary>From when on answers say that it is going; null for never.</summary>
    public DateTimeOffset? DeprecatedAt { get; init; }

    /// <summary>The first instant at which it is no longer served; null for never.</summary>
    public DateTimeOffset? RetiresAt { get; init; }

    /// <summary>The model to use in its place, or null.</summary>
    public string? Replacement { get; init; }

    /// <summary>Where its life stands. A retirement that is announced without a deprecation is one.</summary>
    public ModelState StateAt(DateTimeOffset at) => RetiresAt <= at ? ModelState.Retired
        : DeprecatedAt <= at || (DeprecatedAt is null && RetiresAt is not null) ? ModelState.Deprecated
        : ModelState.Active;

    /// <summary>As which types it may be deployed with capacity of its own; at most one entry for a type.</summary>
    public IReadOnlyList<ProvisionedOffer> Provisioned { get; init; } = [];

    /// <summary>What a unit of this type can do; null for standard deployments, and where the type is not offered.</summary>
    public ProvisionedOffer? OfferOf(DeploymentType type)
    {
        foreach (var offer in Provisioned)
        {
            if (offer.Type == type)
            {
                return offer;
            }
        }

        return null;
    }
}

/// <summary>Where a model's life stands: it follows from the model's instants.</summary>
public enum ModelState
{
    /// <summary>It is sold.</summary>
    Active = 1,

    /// <summary>It is served, and says that it is going.</summary>
    Deprecated = 2,

    /// <summary>It is no longer served.</summary>
    Retired = 3,
}

/// <summary>What may be sold to customers in a country. A country without a market is closed.</summary>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Models">Model ids, or <c>*</c> for all.</param>
/// <param name="Channels">Channel ids, or <c>*</c> for all.</param>
public sealed record Market(string Country, IReadOnlyList<string> Models, IReadOnlyList<string> Channels);
