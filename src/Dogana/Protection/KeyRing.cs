using System.Security.Cryptography;
using Dogana.Protection.Ring;
using Dogana.Storage;

namespace Dogana.Protection;

/// <summary>Where a process finds the master key, and whether it may make one.</summary>
/// <param name="Path">The file.</param>
/// <param name="MayCreate">May it be made when the store has no ring yet? Only for the file of a data folder: one that was named must be there.</param>
public sealed record MasterKeyPlace(string Path, bool MayCreate);

/// <summary>
/// Encrypts what the store must keep and nobody may read there: upstream keys, stored answers. One ring for all nodes of a store, by ASP.NET Core's data
/// protection; the ring's own keys are in the store, sealed by the <see cref="MasterKey"/>, which is not. Thread-safe.
/// </summary>
/// <remarks>
/// Encrypting and decrypting touch memory only, so that both can be done inside a write transaction. Ring keys are made in <see cref="OpenAsync"/> and
/// <see cref="RefreshAsync"/>, within <see cref="Store.WriteAsync"/>: two nodes that start at once make one ring. A ring key encrypts for 90 days and decrypts
/// for ever; its successor is in the store two days before it is used, so that nodes which refresh within that time know it.
/// </remarks>
public sealed class KeyRing
{
    private readonly Store _store;
    private readonly MasterKey? _master;
    private readonly TimeProvider _time;
    private volatile RingState? _state;

    private KeyRing(Store store, MasterKey? master, TimeProvider time) => (_store, _master, _time) = (store, master, time);

    /// <summary>Why the ring is closed: nothing can be encrypted or decrypted by this process. Null when it is open.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>
    /// Opens the store's ring, or makes it when the store has none. What keeps it closed is <see cref="Problem"/>; a second ring is never made.
    /// </summary>
    /// <param name="store">The store.</param>
    /// <param name="place">Where the master key is.</param>
    /// <param name="time">The system's clock: the framework measures the life of keys by it.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<KeyRing> OpenAsync(Store store, MasterKeyPlace place, TimeProvider time, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(place);
        if (!(await FindMasterAsync(store, place, cancellation)).TryGet(out var master, out var problem))
        {
            return new KeyRing(store, null, time) { Problem = problem };
        }

        var ring = new KeyRing(store, master, time);
        if (!await ring.ReadAsync(cancellation))
        {
            ring.Problem = new Problem(
                ProblemCode.Conflict,
                $"The master key in {place.Path} does not open this store's key ring: upstream keys and stored answers cannot be read with it. "
                + "Use the file of the node that made the store (copy it here, or name it with --master-key-file or DOGANA_MASTER_KEY_FILE).");
        }

        return ring;
    }

    /// <summary>Encrypts for a purpose: it decrypts for the very same one only.</summary>
    public Outcome<byte[]> Protect(byte[] plain, params string[] purpose) =>
        _state is { } state ? state.Protector(purpose).Protect(plain) : Closed();

    /// <summary>Decrypts; a problem when it was encrypted for another purpose, by another ring, or was changed.</summary>
    public Outcome<byte[]> Unprotect(byte[] encrypted, params string[] purpose)
    {
        if (_state is not { } state)
        {
            return Closed();
        }

        try
        {
            return state.Protector(purpose).Unprotect(encrypted);
        }
        catch (CryptographicException)
        {
            return new Problem(ProblemCode.Conflict, $"What is encrypted for {string.Join('/', purpose)} cannot be decrypted: it was changed, moved, or encrypted by another key ring.");
        }
    }

    /// <summary>Reads what other nodes added to the ring, and adds the next key in time. False when something in it cannot be opened; then all stays as it was.</summary>
    public async Task<bool> RefreshAsync(CancellationToken cancellation = default) => Problem is null && await ReadAsync(cancellation);

    private static async Task<Outcome<MasterKey>> FindMasterAsync(Store store, MasterKeyPlace place, CancellationToken cancellation)
    {
        if (File.Exists(place.Path))
        {
            return MasterKey.Read(place.Path);
        }

        if (!place.MayCreate)
        {
            return new Problem(
                ProblemCode.Conflict,
                $"There is no master key file {place.Path}. Name the nodes' file with --master-key-file or DOGANA_MASTER_KEY_FILE. For a store that is new, make one: openssl rand -base64 32 > FILE");
        }

        if (await store.ReadAsync(RingRows.AnyAsync, cancellation))
        {
            return new Problem(
                ProblemCode.Conflict,
                $"This store has a key ring, and there is no master key file {place.Path} to open it. Copy {MasterKey.FileName} from a node's data folder or from your backup to that place, "
                + "or name it with --master-key-file or DOGANA_MASTER_KEY_FILE.");
        }

        using var random = RandomNumberGenerator.Create();
        try
        {
            return MasterKey.Create(place.Path, random);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new Problem(ProblemCode.Conflict, $"The master key file {place.Path} cannot be made. Let this user write there, or name one with --master-key-file or DOGANA_MASTER_KEY_FILE.");
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        var now = _time.GetUtcNow();
        var keys = await _store.ReadAsync(session => RingRows.ReadAsync(session, _master!), cancellation);
        if (keys is not null && RingKeys.NextActivation(keys, now) is not null)
        {
            // Looked at anew under the write lock: another node may have been faster.
            keys = await _store.WriteAsync(session => ExtendAsync(session, now), cancellation);
        }

        if (keys is null)
        {
            return false;
        }

        if (_state is null || !_state.Holds(keys))
        {
            _state = new RingState(keys);
        }

        return true;
    }

    private async Task<IReadOnlyList<RingKey>?> ExtendAsync(StoreSession session, DateTimeOffset now)
    {
        var keys = await RingRows.ReadAsync(session, _master!);
        if (keys is null || RingKeys.NextActivation(keys, now) is not { } activation)
        {
            return keys;
        }

        var made = RingKeys.Create(keys, now, activation);
        await RingRows.InsertAsync(session, made, _master!);
        return [.. keys, made];
    }

    private Problem Closed() => Problem ?? new Problem(ProblemCode.Conflict, "The key ring is not open.");
}
