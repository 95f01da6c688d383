namespace Dogana.Conduct;

/// <summary>Whose conduct is looked at: what one customer does with the models of one owner.</summary>
/// <param name="Organisation">The organisation that buys.</param>
/// <param name="Owner">The model owner.</param>
/// <param name="EndCustomer">For whom a reseller's project called, where it said so; null otherwise.</param>
public sealed record ConductAccount(string Organisation, string Owner, string? EndCustomer = null)
{
    /// <summary>Who answers for it: the end customer where there is one.</summary>
    public string Party => EndCustomer ?? Organisation;
}
