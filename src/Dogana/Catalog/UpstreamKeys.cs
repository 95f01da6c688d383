using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dogana.Audit;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Catalog;

/// <summary>A key that an upstream is called with, without its text.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="Id">Its name among the upstream's keys.</param>
/// <param name="Number">Rises with every key that was ever added: two keys of one name, one after the other, differ in it.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="CreatedBy">Who added it.</param>
public sealed record StoredUpstreamKey(string Upstream, string Id, long Number, DateTimeOffset CreatedAt, string CreatedBy);

/// <summary>A key, decrypted.</summary>
/// <param name="Key">Which one.</param>
/// <param name="Text">What the upstream wants to see; null when it cannot be decrypted.</param>
public sealed record OpenedUpstreamKey(StoredUpstreamKey Key, string? Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key.Upstream}/{Key.Id}"; // a record prints all it has
}

/// <summary>
/// The keys that upstreams are called with, encrypted by the <see cref="KeyRing"/>. A text is bound to its upstream and its id: a row that is copied elsewhere
/// does not decrypt. The oldest key is tried first.
/// </summary>
public static partial class UpstreamKeys
{
    /// <summary>The most keys of one upstream.</summary>
    public const int KeysMax = 16;

    /// <summary>The longest key, in bytes.</summary>
    public const int TextBytesMax = 4 * 1024;

    private const string Purpose = "upstream-key";

    private const string Select = """
        select upstream as Upstream, id as Id, position as Position, ciphertext as Ciphertext, created_at as CreatedAt, created_by as CreatedBy from upstream_key
        """;

    /// <summary>An upstream's keys, in the order in which they are tried.</summary>
    public static async Task<Outcome<StoredUpstreamKey[]>> ListAsync(StoreSession session, string upstream)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await FindKindAsync(session, upstream) is null ? NoUpstream(upstream) : (await RowsAsync(session, upstream)).Select(static row => row.ToKey()).ToArray();
    }

    /// <summary>All upstreams' keys, in the order in which they are tried.</summary>
    public static async Task<IReadOnlyList<StoredUpstreamKey>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await session.QueryAsync<Row>(Select + " order by position")).Select(static row => row.ToKey())];
    }

    /// <summary>All keys, decrypted, in the order in which they are tried.</summary>
    public static async Task<IReadOnlyList<OpenedUpstreamKey>> OpenAsync(StoreSession session, KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(ring);
        var rows = await session.QueryAsync<Row>(Select + " order by position");
        return [.. rows.Select(row => new OpenedUpstreamKey(row.ToKey(), Open(row, ring)))];
    }

    /// <summary>Adds a key behind the ones that are there.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="ring">Encrypts it.</param>
    /// <param name="upstream">The upstream.</param>
    /// <param name="name">Its id; null for <c>key-</c> and a number.</param>
    /// <param name="text">The key itself: kept encrypted, never given again.</param>
    /// <param name="actor">Who adds it.</param>
    /// <param name="now">When.</param>
    public static async Task<Outcome<StoredUpstreamKey>> AddAsync(
        StoreSession session, KeyRing ring, string upstream, string? name, string text, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(text);

        // 1. Could it be a key of this upstream?
        var kind = await FindKindAsync(session, upstream);
        if (kind is null)
        {
            return NoUpstream(upstream);
        }

        if (kind == nameof(UpstreamKind.Embedded))
        {
            return new Problem(ProblemCode.InvalidRequest, $"The upstream '{upstream}' is embedded: it takes no key.", "id");
        }

        if (text.Length is 0 or > TextBytesMax || text.Any(static character => character is <= ' ' or > '~'))
        {
            return new Problem(ProblemCode.InvalidRequest, $"A key is 1 to {TextBytesMax} printable ASCII characters without spaces. Send it as the provider gave it.", "text");
        }

        if (name is not null && !Name().IsMatch(name))
        {
            return new Problem(ProblemCode.InvalidRequest, "A key's name is lower-case letters, digits, hyphens and dots, at most 63, a letter or digit first and last.", "name");
        }

        // 2. Is there room for it?
        var present = await RowsAsync(session, upstream);
        if (present.Count >= KeysMax)
        {
            return new Problem(ProblemCode.Conflict, $"The upstream '{upstream}' has {KeysMax} keys, the most there may be. Remove one first: dogana upstream key remove {upstream} KEY.", "id");
        }

        var number = await session.NextAsync("upstream_key");
        var id = name ?? string.Create(CultureInfo.InvariantCulture, $"key-{number}");
        if (present.Any(row => row.Id == id))
        {
            return new Problem(ProblemCode.Conflict, $"The upstream '{upstream}' has a key '{id}' already. Give the new one another name, and remove the old one when it is no longer needed.", "name");
        }

        // 3. Encrypted before it is anywhere else.
        if (!ring.Protect(Encoding.ASCII.GetBytes(text), Purpose, upstream, id).TryGet(out var ciphertext, out var closed))
        {
            return closed;
        }

        var row = new Row(upstream, id, number, Convert.ToBase64String(ciphertext), now.ToMicros(), actor);
        await session.ExecuteAsync(
            "insert into upstream_key(upstream, id, position, ciphertext, created_at, created_by) values(@Upstream, @Id, @Position, @Ciphertext, @CreatedAt, @CreatedBy)", row);
        await AuditLog.WriteAsync(session, now, actor, "upstream_key.add", $"{upstream}/{id}");
        session.ChangesConfiguration();
        return row.ToKey();
    }

    /// <summary>Removes a key: calls that are under way end with it, the next ones do not use it.</summary>
    public static async Task<Outcome<StoredUpstreamKey>> RemoveAsync(StoreSession session, string upstream, string id, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>(Select + " where upstream = @upstream and id = @id", new { upstream, id });
        if (row is null)
        {
            return new Problem(ProblemCode.NotFound, $"The upstream '{upstream}' has no key '{id}'. 'dogana upstream key list {upstream}' shows them.", "key");
        }

        await session.ExecuteAsync("delete from upstream_key where upstream = @upstream and id = @id", new { upstream, id });
        await AuditLog.WriteAsync(session, now, actor, "upstream_key.remove", $"{upstream}/{id}");
        session.ChangesConfiguration();
        return row.ToKey();
    }

    private static Task<string?> FindKindAsync(StoreSession session, string upstream) =>
        session.ScalarAsync<string>("select kind from upstream where id = @upstream", new { upstream });

    private static Task<IReadOnlyList<Row>> RowsAsync(StoreSession session, string upstream) =>
        session.QueryAsync<Row>(Select + " where upstream = @upstream order by position", new { upstream });

    private static Problem NoUpstream(string upstream) =>
        new(ProblemCode.NotFound, $"No upstream has the id '{upstream}'. 'dogana upstream list' shows them.", "id");

    private static string? Open(Row row, KeyRing ring)
    {
        // A row that somebody wrote by hand may hold anything.
        var bytes = new byte[row.Ciphertext.Length];
        return Convert.TryFromBase64String(row.Ciphertext, bytes, out var length)
            && ring.Unprotect(bytes[..length], Purpose, row.Upstream, row.Id).TryGet(out var text, out _)
            ? Encoding.ASCII.GetString(text)
            : null;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?\\z", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    private sealed record Row(string Upstream, string Id, long Position, string Ciphertext, long CreatedAt, string CreatedBy)
    {
        public StoredUpstreamKey ToKey() => new(Upstream, Id, Position, StoredTime.FromMicros(CreatedAt), CreatedBy);
    }
}
