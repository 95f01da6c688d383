namespace Dogana.Parties;

/// <summary>A legal entity: a model owner, a seller, a customer.</summary>
/// <param name="Id">Lower-case letters, digits, hyphens and dots, at most 63.</param>
/// <param name="Name">As on an invoice.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="TimeZone">IANA name; its calendar months are the organisation's billing periods.</param>
/// <param name="Parent">The organisation that owns this one, or null.</param>
public sealed record Organisation(string Id, string Name, string Country, string TimeZone, string? Parent)
{
    /// <summary>Its Legal Entity Identifier (ISO 17442), by which imports know it; null where it has none or it is not known.</summary>
    public string? Lei { get; init; }

    /// <summary>Its share where calls of several organisations wait for places at an upstream, 1 to 1,000: one with 2 is let in twice as often as one with 1.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>Its number for value added tax or the like, with the country's prefix (<c>DE123456789</c>); null where it has none.</summary>
    public string? TaxId { get; init; }

    /// <summary>Street and number, as on an invoice; null where it is not known.</summary>
    public string? Street { get; init; }

    /// <summary>Postal code.</summary>
    public string? PostalCode { get; init; }

    /// <summary>City.</summary>
    public string? City { get; init; }

    /// <summary>Where its invoices, credit notes and reminders are sent; null where they are only fetched.</summary>
    public string? InvoiceEmail { get; init; }
}
