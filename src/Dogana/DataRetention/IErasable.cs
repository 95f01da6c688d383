using Dogana.Storage;

namespace Dogana.DataRetention;

/// <summary>Whose data is to be erased.</summary>
/// <param name="Organisation">The organisation; null where only a project of it is meant.</param>
/// <param name="Projects">The projects: the one, or all of the organisation's.</param>
public sealed record ErasureScope(string? Organisation, IReadOnlyList<string> Projects);

/// <summary>What was erased of one kind, or must stay.</summary>
/// <param name="What">What it is, for a person.</param>
/// <param name="Count">How many rows.</param>
/// <param name="Because">Why it stays; null when it was erased.</param>
public sealed record ErasedData(string What, long Count, string? Because = null);

/// <summary>Texts and personal data that a module erases when a person asks for it.</summary>
public interface IErasable
{
    /// <summary>Erases them in this transaction, which a dry run takes back, and says what it erased and what it left.</summary>
    Task<IReadOnlyList<ErasedData>> EraseAsync(StoreSession session, ErasureScope scope);
}
