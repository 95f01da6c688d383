namespace Dogana.Gateway;

/// <summary>Lets whoever changed something wait until this node acts by it.</summary>
public interface ISnapshotRefresh
{
    /// <summary>After this, every new call on this node is decided by what was committed before.</summary>
    Task RefreshAsync(CancellationToken cancellation);

    /// <summary>Why this node refuses every call at the moment, or null.</summary>
    Problem? Problem { get; }

    /// <summary>The upstream keys that cannot be decrypted, as UPSTREAM/KEY; they are not used.</summary>
    IReadOnlyList<string> UnreadableKeys { get; }
}
