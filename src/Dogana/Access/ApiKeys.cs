using System.Security.Cryptography;
using Dogana.Access.Keys;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Access;

/// <summary>Makes, lists, changes and revokes keys. The store keeps hashes; a key's text is shown once.</summary>
public static class ApiKeys
{
    private const int OwnerLengthMax = 200;

    /// <summary>The keys, as committed.</summary>
    public static async Task<KeyTable> ReadTableAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new KeyTable(await KeyRows.ReadAsync(session));
    }

    /// <summary>All keys, oldest first.</summary>
    public static async Task<IReadOnlyList<ApiKey>> ListAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return [.. (await KeyRows.ReadAsync(session)).Select(static item => item.Key)];
    }

    /// <summary>The key, or <see cref="ProblemCode.NotFound"/>.</summary>
    public static Task<Outcome<ApiKey>> FindAsync(StoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return KeyRows.FindAsync(session, id);
    }

    /// <summary>The live key with this text, as committed now: one look-up by its public id.</summary>
    public static async Task<Outcome<ApiKey>> FindLiveAsync(StoreSession session, string? text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new KeyTable(text is not null && KeyText.FindId(text) is { } id ? await KeyRows.ReadByIdAsync(session, id) : []).Find(text, now);
    }

    /// <summary>The project that a key calls for; null where there is no such key, or it calls for none.</summary>
    public static Task<string?> FindProjectAsync(StoreSession session, string id)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ScalarAsync<string>("select project from api_key where id = @id", new { id });
    }

    /// <summary>
    /// Makes a key: for a project, or, when <paramref name="project"/> is null, for the admin API; for one end customer where <paramref name="endCustomer"/>
    /// names it; with these grants, or all there is, where it is an admin key.
    /// </summary>
    public static async Task<Outcome<NewApiKey>> CreateAsync(
        StoreSession session, string? project, string name, DateTimeOffset? expiresAt, RandomNumberGenerator random, string actor, DateTimeOffset now,
        string? endCustomer = null, KeyDetails? details = null, IReadOnlyList<Grant>? grants = null, string? ownerUser = null, bool mayKnowDeployments = true)
    {
        ArgumentNullException.ThrowIfNull(session);
        grants = project is not null ? [] : grants is null or [] ? [Grant.Everything] : grants;
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

        if (grants.Select(grant => parties.FindMissing(grant.Scope)).FirstOrDefault(static missing => missing is not null) is { } nowhere)
        {
            return nowhere;
        }

        if (expiresAt <= now)
        {
            return new Problem(ProblemCode.InvalidRequest, "A key's expiry must lie in the future.", "expires_at");
        }

        var (id, text, hash) = KeyText.Create(random);
        var key = new ApiKey(id, project is null ? KeyKind.Admin : KeyKind.Project, project, name, now, expiresAt, null)
        {
            EndCustomer = endCustomer,
            Details = details ?? KeyDetails.None,
            Grants = grants,
            OwnerUser = ownerUser,
        };
        if (await FindFaultAsync(session, key, mayKnowDeployments) is { } wrong)
        {
            return wrong;
        }

        await KeyRows.InsertAsync(session, key, hash);
        await AuditLog.WriteAsync(session, now, actor, "key.create", id, $"{key.Kind} key '{name}'{(project is null ? $", {Grant.Text(grants)}" : $" for {project}")}{(endCustomer is null ? "" : $", end customer {endCustomer}")}{Describe(key.Details)}");
        session.ChangesConfiguration();
        return new NewApiKey(key, text);
    }

    /// <summary>
    /// Changes a live key: <paramref name="change"/> gives what it is to be. Its project, end customer and line stay. A key that has a successor ends when its
    /// overlap does, or earlier.
    /// </summary>
    public static async Task<Outcome<ApiKey>> UpdateAsync(StoreSession session, string id, Func<ApiKey, Outcome<ApiKey>> change, string actor, DateTimeOffset now, bool mayKnowDeployments = true)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(change);
        if (!(await KeyRows.FindAsync(session, id)).TryGet(out var key, out var problem))
        {
            return problem;
        }

        if (!key.IsLive(now))
        {
            return new Problem(ProblemCode.Conflict, $"The key {id} was revoked or has expired: it stays as it is. Make another with 'dogana key create'.", "id");
        }

        if (!change(key).TryGet(out var changed, out problem))
        {
            return problem;
        }

        if (changed.ExpiresAt != key.ExpiresAt && changed.ExpiresAt <= now)
        {
            return new Problem(ProblemCode.InvalidRequest, "A key's expiry must lie in the future. To end it now, revoke it.", "expires_at");
        }

        if ((changed.ExpiresAt ?? DateTimeOffset.MaxValue) > (key.ExpiresAt ?? DateTimeOffset.MaxValue) && await KeyRotation.HasSuccessorAsync(session, key))
        {
            return new Problem(ProblemCode.Conflict, $"The key {id} has a successor: it ends {InstantText.Format(key.ExpiresAt!.Value)} at the latest.", "expires_at");
        }

        if (await FindFaultAsync(session, changed, mayKnowDeployments) is { } wrong)
        {
            return wrong;
        }

        await KeyRows.UpdateAsync(session, changed);
        await AuditLog.WriteAsync(session, now, actor, "key.update", id, $"'{changed.Name}', {(changed.ExpiresAt is { } at ? "until " + InstantText.Format(at) : "without an end")}{Describe(changed.Details)}");
        session.ChangesConfiguration();
        return changed;
    }

    /// <summary>
    /// Revokes a key from now on. Revoking it again changes nothing, but for a reason that cuts its open calls (<see cref="ApiKey.IsCut"/>) after one that did
    /// not: who finds later that it leaked must be able to say so.
    /// </summary>
    public static async Task<Outcome<ApiKey>> RevokeAsync(StoreSession session, string id, string actor, DateTimeOffset now, RevocationReason? reason = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        if (!(await KeyRows.FindAsync(session, id)).TryGet(out var key, out var problem))
        {
            return problem;
        }

        var revoked = key with { RevokedAt = key.RevokedAt ?? now, RevokedFor = reason ?? key.RevokedFor };
        if (key.RevokedAt is not null && (key.IsCut || !revoked.IsCut))
        {
            return key;
        }

        await KeyRows.UpdateAsync(session, revoked);
        await AuditLog.WriteAsync(session, now, actor, "key.revoke", id, reason is { } said ? EnumWords.Of(said) : "");
        session.ChangesConfiguration();
        return revoked;
    }

    private static async Task<Problem?> FindFaultAsync(StoreSession session, ApiKey key, bool mayKnowDeployments)
    {
        if (string.IsNullOrWhiteSpace(key.Name) || key.Name.Length > 100 || key.Name.Any(char.IsControl))
        {
            return new Problem(ProblemCode.InvalidRequest, "A key needs a name of at most 100 characters on one line, so that people know it again.", "name");
        }

        var (scope, owner, tags) = (key.Details.Scope, key.Details.Owner, key.Details.Tags);
        if (owner is not null && (string.IsNullOrWhiteSpace(owner) || owner.Length > OwnerLengthMax || owner.Any(char.IsControl)))
        {
            return new Problem(ProblemCode.InvalidRequest, $"A key's owner is 1 to {OwnerLengthMax} characters on one line.", "owner");
        }

        if (key.Kind == KeyKind.Admin && ((scope.Models ?? scope.Dialects ?? scope.Countries ?? scope.Addresses) is not null || tags.Text is not null))
        {
            return new Problem(ProblemCode.InvalidRequest, "An admin key calls no models: leave models, dialects, countries, addresses and tags out.", "kind");
        }

        if (scope.Models is null || !mayKnowDeployments)
        {
            return null; // to a tenant, another's deployment and a model that is not open yet do not exist: a name that is nobody's calls nothing
        }

        var deployments = (await CatalogRegister.ReadAsync(session)).Deployments;
        return scope.Models.FirstOrDefault(model => !deployments.ContainsKey(model)) is { } unknown
            ? new Problem(ProblemCode.NotFound, $"No deployment has the name '{unknown}'. Declare it in the world file and run 'dogana apply', or name another.", "models")
            : null;
    }

    private static string Describe(KeyDetails details)
    {
        (string Name, IReadOnlyList<string>? List)[] parts =
        [
            ("owner", details.Owner is null ? null : [details.Owner]), ("models", details.Scope.Models), ("dialects", details.Scope.Dialects),
            ("countries", details.Scope.Countries), ("addresses", details.Scope.Addresses), ("tags", details.Tags.Text is null ? null : details.Tags.All),
        ];
        return string.Concat(parts.Where(static part => part.List is not null).Select(static part => $", {part.Name} {string.Join(' ', part.List!)}"));
    }
}
