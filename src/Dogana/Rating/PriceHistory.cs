using Dogana.Rating.Books;
using Dogana.Storage;

namespace Dogana.Rating;

/// <summary>
/// The published prices as accruals knew them at each time. A version that begins when it is published or later is as good as always known: what it prices comes after it. A retroactive
/// version of a book that customers pay by is known from its <see cref="PriceRepricing"/> on. Not thread-safe.
/// </summary>
public sealed class PriceHistory
{
    private readonly IReadOnlyList<PriceBook> _books;
    private readonly IReadOnlyList<PriceBookVersion> _versions;
    private readonly Dictionary<long, PriceTable> _tables = [];

    private PriceHistory(IReadOnlyList<PriceBook> books, IReadOnlyList<PriceBookVersion> versions, IReadOnlyList<PriceRepricing> repricings) => (_books, _versions, Repricings) = (books, versions, repricings);

    /// <summary>The retroactive versions that accruals know, in the order in which they came to know them.</summary>
    public IReadOnlyList<PriceRepricing> Repricings { get; }

    /// <summary>What accruals know now.</summary>
    public PriceTable Known => AfterRepricing(Repricings.Count);

    /// <summary>Reads all of it.</summary>
    public static async Task<PriceHistory> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new PriceHistory(await PriceBookRows.ReadBooksAsync(session), await PriceBookRows.ReadVersionsAsync(session), await RepricingRows.ReadAsync(session));
    }

    /// <summary>What was known once the first so many retroactive versions were.</summary>
    public PriceTable AfterRepricing(long number)
    {
        if (!_tables.TryGetValue(number, out var table))
        {
            var known = Repricings.Where(repricing => repricing.Number <= number).Select(static repricing => (repricing.Book, repricing.EffectiveFrom)).ToHashSet();
            var sold = _books.Where(static book => book.Kind == PriceBookKind.Sale).Select(static book => book.Id).ToHashSet(StringComparer.Ordinal);
            table = _tables[number] = new PriceTable(
                _books, [.. _versions.Where(version => !version.IsRetroactive || !sold.Contains(version.Book) || known.Contains((version.Book, version.EffectiveFrom)))]);
        }

        return table;
    }

    /// <summary>What the accrual of usage up to an ingest sequence knew.</summary>
    public PriceTable AtAccrual(long lastSequence) => AfterRepricing(Repricings.Count(repricing => repricing.AccruedTo < lastSequence));

    /// <summary>What a retry of unrated usage knew.</summary>
    public PriceTable AtRetry(long retry) => AfterRepricing(Repricings.Count(repricing => repricing.RetriedTo < retry));

    /// <summary>The next version that accruals do not know yet, or null: the one that was published first.</summary>
    public static async Task<PriceBookVersion?> FindUnknownAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await RepricingRows.FindUnknownAsync(session) is { } found
            ? new PriceBookVersion(found.Book, StoredTime.FromMicros(found.EffectiveFrom), []) { IsRetroactive = true } : null;
    }

    /// <summary>Is there a version that accruals do not know, or one by which not all usage has been rated again?</summary>
    public static Task<bool> IsBehindAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return RepricingRows.IsBehindAsync(session);
    }

    /// <summary>When the next version of a book begins that is known by now; null for none.</summary>
    public DateTimeOffset? FindEnd(PriceBookVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return _versions.Where(other => other.Book == version.Book && other.EffectiveFrom > version.EffectiveFrom && (!other.IsRetroactive || IsKnown(other)))
            .Select(static other => (DateTimeOffset?)other.EffectiveFrom).Min();
    }

    /// <summary>Says that accruals know a version from now on.</summary>
    public static Task AddAsync(StoreSession session, PriceRepricing repricing)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(repricing);
        return RepricingRows.InsertAsync(session, repricing);
    }

    /// <summary>Says up to which ingest sequence usage has been rated again.</summary>
    public static Task AdvanceAsync(StoreSession session, long number, long doneTo)
    {
        ArgumentNullException.ThrowIfNull(session);
        return RepricingRows.AdvanceAsync(session, number, doneTo);
    }

    private bool IsKnown(PriceBookVersion version) => Repricings.Any(repricing => repricing.Book == version.Book && repricing.EffectiveFrom == version.EffectiveFrom);
}
