using Dogana.Ledger;

namespace Dogana;

/// <summary>Breach: the root calls a module.</summary>
public static class RootWord
{
    public static int Count(object thing) => thing is Posting ? 1 : 0;
}
