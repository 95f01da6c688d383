using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Access;

/// <summary>Makes, lists and revokes keys. The store keeps hashes; a key's text is shown once.</summary>
public static class ApiKeys
{
    private const string Select = """
        select id as Id, kind as Kind, project as Project, name as Name, hash as Hash, created_at as CreatedAt, expires_at as ExpiresAt, revoked_at as RevokedAt,
            end_customer as EndCustomer
        from api_key
        """;

    /// <summary>The keys, as committed.</summary>
    public static async Task<KeyTable> ReadTableAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new KeyTable((await session.QueryAsync<Row>(Select)).Select(static row => (row.ToKey(), row.Hash)));
    }

    /// <summary>All keys, oldest first.</summary>
    public static async Task<IReadOnlyList<ApiKey>> ListAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await session.QueryAsync<Row>(Select + " order by created_at, id")).Select(static row => row.ToKey())];
    }

    /// <summary>The project that a key calls for; null where there is no such key, or it calls for none.</summary>
    public static Task<string?> FindProjectAsync(StoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ScalarAsync<string>("select project from api_key where id = @id", new { id });
    }

    /// <summary>
    /// Makes a key: for a project, or, when <paramref name="project"/> is null, for the admin API; for one end customer where <paramref name="endCustomer"/>
    /// names it.
    /// </summary>
    public static async Task<Outcome<NewApiKey>> CreateAsync(
        StoreSession session, string? project, string name, DateTimeOffset? expiresAt, RandomNumberGenerator random, string actor, DateTimeOffset now,
        string? endCustomer = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var parties = await PartyRegister.ReadAsync(session);
        if (endCustomer is not null && (project is null || !parties.Organisations.ContainsKey(endCustomer)))
        {
            return project is null
                ? new Problem(ProblemCode.InvalidRequest, "An admin key calls no models: it has no end customer.", "end_customer")
                : new Problem(ProblemCode.NotFound, $"No organisation has the id '{endCustomer}'. Declare it in the world file and run 'dogana apply'.", "end_customer");
        }

        if (endCustomer is not null && parties.Projects.GetValueOrDefault(project!) is { } own && (!own.Resells || own.Organisation == endCustomer))
        {
            return own.Resells
                ? new Problem(ProblemCode.InvalidRequest, $"'{endCustomer}' is the project's own organisation, no end customer of it.", "end_customer")
                : new Problem(ProblemCode.InvalidRequest, $"The project '{project}' does not resell: it has no end customers. Declare it with 'resells: true', or leave the end customer out.", "end_customer");
        }

        if (project is not null && !parties.Projects.ContainsKey(project))
        {
            return new Problem(ProblemCode.NotFound, $"No project has the id '{project}'. Declare it in the world file and run 'dogana apply'.", "project");
        }

        if (string.IsNullOrWhiteSpace(name) || name.Length > 100 || name.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, "A key needs a name of at most 100 characters on one line, so that people know it again.", "name");
        }

        if (expiresAt <= now)
        {
            return new Problem(ProblemCode.InvalidRequest, "A key's expiry must lie in the future.", "expires_at");
        }

        var (id, text, hash) = KeyText.Create(random);
        var kind = project is null ? KeyKind.Admin : KeyKind.Project;
        await session.ExecuteAsync(
            """
            insert into api_key(id, kind, project, name, hash, created_at, expires_at, end_customer)
            values(@id, @kind, @project, @name, @hash, @created, @expires, @endCustomer)
            """,
            new { id, kind = kind.ToString(), project, name, hash, created = now.ToMicros(), expires = expiresAt?.ToMicros(), endCustomer });
        await AuditLog.WriteAsync(session, now, actor, "key.create", id, $"{kind} key '{name}'{(project is null ? "" : $" for {project}")}{(endCustomer is null ? "" : $", end customer {endCustomer}")}");
        session.ChangesConfiguration();
        return new NewApiKey(new ApiKey(id, kind, project, name, now, expiresAt, null) { EndCustomer = endCustomer }, text);
    }

    /// <summary>Revokes a key from now on; revoking it again changes nothing.</summary>
    public static async Task<Outcome<ApiKey>> RevokeAsync(StoreSession session, string id, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        var row = await session.FindAsync<Row>(Select + " where id = @id", new { id });
        if (row is null)
        {
            return new Problem(ProblemCode.NotFound, $"No key has the id '{id}'. 'dogana key list' shows the ids.", "id");
        }

        if (row.RevokedAt is not null)
        {
            return row.ToKey();
        }

        await session.ExecuteAsync("update api_key set revoked_at = @now where id = @id", new { id, now = now.ToMicros() });
        await AuditLog.WriteAsync(session, now, actor, "key.revoke", id);
        session.ChangesConfiguration();
        return row.ToKey() with { RevokedAt = now };
    }

    private sealed record Row(string Id, string Kind, string? Project, string Name, string Hash, long CreatedAt, long? ExpiresAt, long? RevokedAt, string? EndCustomer)
    {
        public ApiKey ToKey() => new(
            Id, Enum.Parse<KeyKind>(Kind), Project, Name, StoredTime.FromMicros(CreatedAt),
            ExpiresAt is { } ends ? StoredTime.FromMicros(ends) : null, RevokedAt is { } at ? StoredTime.FromMicros(at) : null)
        {
            EndCustomer = EndCustomer,
        };
    }
}
