namespace Dogana.Rating;

/// <summary>
/// Since when accruals know a retroactive version of a book that customers pay by, and how far what they had rated without it has been rated again. Their numbers rise in the
/// order in which accruals came to know them.
/// </summary>
/// <param name="Number">From 1.</param>
/// <param name="Book">The book.</param>
/// <param name="EffectiveFrom">Names the version.</param>
/// <param name="EffectiveTo">When the next version of the book that was known then begins; null for none.</param>
/// <param name="AccruedTo">The ingest sequence up to which usage had been rated without it.</param>
/// <param name="RetriedTo">The last retry of unrated usage without it.</param>
/// <param name="RatedTo">The last rated line without it.</param>
/// <param name="FirstSequence">The first ingest sequence of usage that it may change.</param>
/// <param name="LastSequence">The last one; below the first where it changes nothing.</param>
/// <param name="DoneTo">Up to which of them usage has been rated again.</param>
public sealed record PriceRepricing(
    long Number, string Book, DateTimeOffset EffectiveFrom, DateTimeOffset? EffectiveTo, long AccruedTo, long RetriedTo, long RatedTo, long FirstSequence, long LastSequence, long DoneTo)
{
    /// <summary>Has all of it been rated again?</summary>
    public bool IsDone => DoneTo >= LastSequence;

    /// <summary>Is it in force at an instant?</summary>
    public bool Covers(DateTimeOffset at) => at >= EffectiveFrom && !(at >= EffectiveTo);
}
