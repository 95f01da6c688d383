namespace Dogana.Billing.Accruing;

/// <summary>What the rated lines of one ledger entry add up to. Equal by what it is the sum of, not by the sum.</summary>
internal sealed class CauseSum : IEquatable<CauseSum>
{
    public CauseSum()
    {
    }

    public CauseSum(string cause, string seller, string organisation, string currency) =>
        (Cause, Seller, Organisation, Currency) = (cause, seller, organisation, currency);

    public string Cause { get; init; } = "";

    public string Seller { get; init; } = "";

    public string Organisation { get; init; } = "";

    public string Currency { get; init; } = "";

    public long Micro { get; init; }

    public long Pico { get; init; }

    public Money Amount => Money.FromParts(Micro, Pico, Dogana.Currency.Find(Currency) ?? new Currency(Currency, 0));

    public bool Equals(CauseSum? other) => other is not null && Key == other.Key;

    public override bool Equals(object? obj) => Equals(obj as CauseSum);

    public override int GetHashCode() => Key.GetHashCode();

    private (string, string, string, string) Key => (Cause, Seller, Organisation, Currency);
}
