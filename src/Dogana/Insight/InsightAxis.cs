namespace Dogana.Insight;

/// <summary>Who counts as one in a report.</summary>
public enum InsightAxis
{
    /// <summary>Whoever a document was made out to: a reseller is a customer, whoever uses what it bought.</summary>
    Counterparty,

    /// <summary>Those under common control, by the party at the top of the family at the end of the last month.</summary>
    Family,

    /// <summary>The channel bought on.</summary>
    Channel,

    /// <summary>The model; what is about no model is one of its own.</summary>
    Model,

    /// <summary>The model's owner, likewise.</summary>
    Owner,
}
