using System.Text.RegularExpressions;

namespace Dogana.Authority;

/// <summary>Over what a role holds. Stored by name.</summary>
public enum ScopeKind
{
    /// <summary>Over everything.</summary>
    Platform = 1,

    /// <summary>Over one customer: its own projects, keys, usage, documents, standing.</summary>
    Organisation = 2,

    /// <summary>Over one channel: the customers that buy there, and what they buy there.</summary>
    Channel = 3,
}

/// <summary>Over what a role holds: written <c>platform</c>, <c>organisation:ID</c> or <c>channel:ID</c>.</summary>
/// <param name="Kind">Which kind.</param>
/// <param name="Id">The organisation or channel; null for the platform.</param>
public readonly partial record struct GrantScope(ScopeKind Kind, string? Id)
{
    /// <summary>Everything.</summary>
    public static GrantScope Platform { get; } = new(ScopeKind.Platform, null);

    /// <summary>One customer.</summary>
    public static GrantScope Organisation(string id) => new(ScopeKind.Organisation, id);

    /// <summary>One channel.</summary>
    public static GrantScope Channel(string id) => new(ScopeKind.Channel, id);

    /// <summary>Does it hold all that the other one does? A channel and a customer never hold each other: a customer may buy on several channels.</summary>
    public bool Covers(GrantScope other) => Kind == ScopeKind.Platform || this == other;

    /// <summary>Reads the written form.</summary>
    public static GrantScope? Find(string? text) =>
        text == "platform" ? Platform
        : Written().Match(text ?? "") is { Success: true } match
            ? new GrantScope(match.Groups["kind"].Value == "organisation" ? ScopeKind.Organisation : ScopeKind.Channel, match.Groups["id"].Value)
        : null;

    /// <summary>The written form.</summary>
    public override string ToString() => Id is null ? "platform" : $"{EnumWords.Of(Kind)}:{Id}";

    [GeneratedRegex("^(?<kind>organisation|channel):(?<id>[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Written();
}

/// <summary>A role over a scope: what a user, an invitation or an admin key has. Written <c>developer@organisation:acme</c>.</summary>
/// <param name="Role">The role.</param>
/// <param name="Scope">Over what.</param>
public sealed record Grant(Role Role, GrantScope Scope)
{
    /// <summary>All there is: the operator on the store, and admin keys that were made without a role.</summary>
    public static Grant Everything { get; } = new(Role.Owner, GrantScope.Platform);

    /// <summary>Makes one of words, where the role may be given over such a scope.</summary>
    /// <param name="role">The role's word, such as <c>conduct_officer</c>.</param>
    /// <param name="scope">The scope's written form; null for the platform.</param>
    public static Outcome<Grant> Of(string role, string? scope)
    {
        if (EnumWords.Find<Role>(role) is not { } known)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no role '{role}'. The roles are {string.Join(", ", Enum.GetValues<Role>().Select(EnumWords.Of))}.", "role");
        }

        if (GrantScope.Find(scope ?? "platform") is not { } over)
        {
            return new Problem(ProblemCode.InvalidRequest, $"'{scope}' is no scope. Write platform, organisation:ID or channel:ID.", "scope");
        }

        return RoleMatrix.ScopesOf(known).Contains(over.Kind)
            ? new Grant(known, over)
            : new Problem(
                ProblemCode.InvalidRequest,
                $"The role {role} is given over {string.Join(" or ", RoleMatrix.ScopesOf(known).Select(Words))}, not over {Words(over.Kind)}.", "scope");

        static string Words(ScopeKind kind) => kind switch { ScopeKind.Platform => "the platform", ScopeKind.Organisation => "an organisation", _ => "a channel" };
    }

    /// <summary>Reads what <see cref="Text"/> wrote.</summary>
    /// <exception cref="FormatException">It is not that: the store was changed by other means.</exception>
    public static IReadOnlyList<Grant> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static item => item.Split('@') is [var role, var scope] && Of(role, scope) is { Problem: null } grant
            ? grant.Value
            : throw new FormatException($"'{item}' is no grant."))];
    }

    /// <summary>Grants as the store keeps them, in one text.</summary>
    public static string Text(IEnumerable<Grant> grants) => string.Join(' ', grants.Select(static grant => grant.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    /// <summary>The written form.</summary>
    public override string ToString() => $"{EnumWords.Of(Role)}@{Scope}";
}
