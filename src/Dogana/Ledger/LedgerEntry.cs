namespace Dogana.Ledger;

/// <summary>One line of an entry.</summary>
/// <param name="Account">The account.</param>
/// <param name="Amount">Above zero: debit. Below zero: credit. Never zero.</param>
public sealed record Posting(Account Account, Money Amount);

/// <summary>What is to be posted.</summary>
/// <param name="Cause">What the entry comes from, unique for ever: posting the same cause again does nothing.</param>
/// <param name="EffectiveAt">When it happened.</param>
/// <param name="Description">For a person.</param>
/// <param name="Postings">Two or more; they sum to zero in each book and currency.</param>
public sealed record NewEntry(string Cause, DateTimeOffset EffectiveAt, string Description, IReadOnlyList<Posting> Postings);

/// <summary>An entry as it stands in the journal, for ever.</summary>
/// <param name="Number">From 1, without a gap.</param>
/// <param name="Cause">What it comes from.</param>
/// <param name="EffectiveAt">When it happened.</param>
/// <param name="RecordedAt">When it was posted.</param>
/// <param name="Description">For a person.</param>
/// <param name="Postings">Its lines, in order.</param>
/// <param name="Hash">SHA-256 in lower-case hexadecimal over the entry before it and all of this one: changing anything breaks the chain from here on.</param>
public sealed record LedgerEntry(
    long Number, string Cause, DateTimeOffset EffectiveAt, DateTimeOffset RecordedAt, string Description, IReadOnlyList<Posting> Postings, string Hash);

/// <summary>A posting on one account, with its entry.</summary>
/// <param name="Cause">What the entry comes from.</param>
/// <param name="EffectiveAt">When it happened.</param>
/// <param name="Description">For a person.</param>
/// <param name="Amount">Above zero: debit. Below zero: credit.</param>
public sealed record AccountPosting(string Cause, DateTimeOffset EffectiveAt, string Description, Money Amount);
