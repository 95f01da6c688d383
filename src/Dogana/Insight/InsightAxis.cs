namespace Dogana.Insight;

/// <summary>Who counts as one in a report. Stored by name; grows by appending.</summary>
public enum InsightAxis
{
    /// <summary>Whoever a document was made out to: a reseller is a customer, whoever uses what it bought.</summary>
    Counterparty = 1,

    /// <summary>Those under common control, by the party at the top of the family at the end of the last month.</summary>
    Family = 2,

    /// <summary>The channel bought on.</summary>
    Channel = 3,

    /// <summary>The model; what is about no model is one of its own.</summary>
    Model = 4,

    /// <summary>The model's owner, likewise.</summary>
    Owner = 5,
}
