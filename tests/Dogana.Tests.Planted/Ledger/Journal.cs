using Dogana.Billing;

namespace Dogana.Ledger;

/// <summary>Breach: inside the body of an async method, where only the state machine shows it.</summary>
public static class Journal
{
    public static async Task<int> AppendAsync()
    {
        await Task.Yield();
        return new Bill(new Posting(1)).GetHashCode();
    }
}
