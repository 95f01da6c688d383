namespace Dogana.Ledger;

public sealed record Posting(long Amount);
