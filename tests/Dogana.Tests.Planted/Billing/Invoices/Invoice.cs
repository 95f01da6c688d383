namespace Dogana.Billing.Invoices;

/// <summary>Breach: public, below the face.</summary>
public sealed record Invoice(long Total);
