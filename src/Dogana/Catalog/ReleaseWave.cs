namespace Dogana.Catalog;

/// <summary>
/// To whom a model is open from an instant on. It covers a call where each of its conditions holds; one that is null always does. Who buys and whom it is
/// for must both be covered, in every country that the call points to.
/// </summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots.</param>
/// <param name="Model">The model that it opens.</param>
/// <param name="From">The first instant.</param>
public sealed record ReleaseWave(string Id, string Model, DateTimeOffset From)
{
    /// <summary>Channel ids.</summary>
    public IReadOnlyList<string>? Channels { get; init; }

    /// <summary>The customers' countries, ISO 3166-1 alpha-2.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Organisations.</summary>
    public IReadOnlyList<string>? Organisations { get; init; }

    /// <summary>Projects.</summary>
    public IReadOnlyList<string>? Projects { get; init; }

    /// <summary>Parties whose affiliates are covered, as far as that is certain, by the rule of control of the model's owner.</summary>
    public IReadOnlyList<string>? Families { get; init; }
}
