namespace Dogana.DataRetention;

/// <summary>
/// Something that is kept for a time and then erased by rule. A module that keeps such data registers one of these for each kind; documents, the ledger, usage and the audit log are none, and no rule reaches them.
/// </summary>
public interface IKeptData
{
    /// <summary>Its name in rules: a lower-case word.</summary>
    string Name { get; }

    /// <summary>What it is, for a person.</summary>
    string What { get; }

    /// <summary>For how many days it is kept where no rule says otherwise.</summary>
    int DefaultDays { get; }

    /// <summary>For how many days at most; 0 to this may be set.</summary>
    int DaysMax { get; }

    /// <summary>Erases at most so many rows or files that are older than an instant, in one short transaction, and gives how many those were: fewer than the limit when none is left.</summary>
    Task<int> EraseOlderThanAsync(DateTimeOffset before, int limit, CancellationToken cancellation);
}
