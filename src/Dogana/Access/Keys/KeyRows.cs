using Dogana.Authority;
using Dogana.Storage;

namespace Dogana.Access.Keys;

/// <summary>The rows of keys. Lists are kept with commas in between: no entry has one.</summary>
internal static class KeyRows
{
    private const string Select = """
        select id as Id, kind as Kind, project as Project, name as Name, hash as Hash, created_at as CreatedAt, expires_at as ExpiresAt, revoked_at as RevokedAt,
            end_customer as EndCustomer, owner as Owner, models as Models, dialects as Dialects, countries as Countries, addresses as Addresses, tags as Tags,
            line as Line, revoked_for as RevokedFor, last_used_at as LastUsedAt, grants as Grants, owner_user as OwnerUser
        from api_key
        """;

    /// <summary>All keys with their hashes, oldest first; those of one line of rotation where it is given.</summary>
    public static async Task<IReadOnlyList<(ApiKey Key, string Hash)>> ReadAsync(StoreSession session, string? line = null)
    {
        var where = line is null ? "" : " where coalesce(line, id) = @line";
        return [.. (await session.QueryAsync<Row>($"{Select}{where} order by created_at, id", new { line })).Select(static row => (row.ToKey(), row.Hash))];
    }

    /// <summary>The key with its hash, if there is one.</summary>
    public static async Task<IReadOnlyList<(ApiKey Key, string Hash)>> ReadByIdAsync(StoreSession session, string id) =>
        await session.FindAsync<Row>(Select + " where id = @id", new { id }) is { } row ? [(row.ToKey(), row.Hash)] : [];

    /// <summary>The key, or a problem that says where to look.</summary>
    public static async Task<Outcome<ApiKey>> FindAsync(StoreSession session, string id) =>
        await session.FindAsync<Row>(Select + " where id = @id", new { id }) is { } row
            ? row.ToKey()
            : new Problem(ProblemCode.NotFound, $"No key has the id '{id}'. 'dogana key list' shows the ids.", "id");

    public static Task InsertAsync(StoreSession session, ApiKey key, string hash) => session.ExecuteAsync(
        """
        insert into api_key(id, kind, project, name, hash, created_at, expires_at, end_customer, owner, models, dialects, countries, addresses, tags, line, grants,
            owner_user)
        values(@Id, @Kind, @Project, @Name, @Hash, @CreatedAt, @ExpiresAt, @EndCustomer, @Owner, @Models, @Dialects, @Countries, @Addresses, @Tags, @Line, @Grants, @OwnerUser)
        """,
        Row.Of(key, hash));

    /// <summary>Writes what can change of a key; when it was last used is written elsewhere.</summary>
    public static Task UpdateAsync(StoreSession session, ApiKey key) => session.ExecuteAsync(
        """
        update api_key set name = @Name, expires_at = @ExpiresAt, revoked_at = @RevokedAt, revoked_for = @RevokedFor, owner = @Owner, models = @Models,
            dialects = @Dialects, countries = @Countries, addresses = @Addresses, tags = @Tags
        where id = @Id
        """,
        Row.Of(key, hash: ""));

    private sealed record Row(
        string Id, string Kind, string? Project, string Name, string Hash, long CreatedAt, long? ExpiresAt, long? RevokedAt, string? EndCustomer, string? Owner,
        string? Models, string? Dialects, string? Countries, string? Addresses, string? Tags, string? Line, string? RevokedFor, long? LastUsedAt, string? Grants, string? OwnerUser)
    {
        public static Row Of(ApiKey key, string hash)
        {
            var scope = key.Details.Scope;
            return new Row(
                key.Id, key.Kind.ToString(), key.Project, key.Name, hash, key.CreatedAt.ToMicros(), key.ExpiresAt?.ToMicros(), key.RevokedAt?.ToMicros(), key.EndCustomer,
                key.Details.Owner, Join(scope.Models), Join(scope.Dialects), Join(scope.Countries), Join(scope.Addresses), key.Details.Tags.Text, key.Line,
                key.RevokedFor?.ToString(), key.LastUsedAt?.ToMicros(), Grant.Text(key.Grants), key.OwnerUser);
        }

        public ApiKey ToKey() => new(Id, Enum.Parse<KeyKind>(Kind), Project, Name, StoredTime.FromMicros(CreatedAt), Instant(ExpiresAt), Instant(RevokedAt))
        {
            EndCustomer = EndCustomer,
            Details = new KeyDetails
            {
                Scope = (Models ?? Dialects ?? Countries ?? Addresses) is null ? KeyScope.All : KeyScope.Of(Split(Models), Split(Dialects), Split(Countries), Split(Addresses)).Value,
                Owner = Owner,
                Tags = CallTags.FromStored(Tags),
            },
            Line = Line ?? Id,
            RevokedFor = RevokedFor is null ? null : Enum.Parse<RevocationReason>(RevokedFor),
            LastUsedAt = Instant(LastUsedAt),
            Grants = Kind == nameof(KeyKind.Admin) ? Grants is null ? [Grant.Everything] : Grant.Parse(Grants) : [],
            OwnerUser = OwnerUser,
        };

        private static DateTimeOffset? Instant(long? micros) => micros is { } at ? StoredTime.FromMicros(at) : null;

        private static string? Join(IReadOnlyList<string>? list) => list is null ? null : string.Join(',', list);

        private static string[]? Split(string? text) => text?.Split(',');
    }
}
