using System.Text.Json;
using Dogana.Client;
using Dogana.Notices;
using Dogana.Parties;

namespace Dogana.Terms.Publishing;

/// <summary>What organisations are told of terms that they must accept.</summary>
internal static class TermsNotices
{
    /// <summary>Whoever has a project on a channel where the terms hold, by id.</summary>
    public static IReadOnlyList<string> Recipients(UsageTerms terms, PartyTable parties, DateTimeOffset now) => [.. parties.Projects.Values
        .Where(project => terms.CoversChannel(project.ChannelAt(now)))
        .Select(static project => project.Organisation).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A version that must be accepted was published.</summary>
    public static Notice Published(UsageTerms terms, TermsVersion version, string organisation) => Make(
        "terms.published", terms, version, organisation, $"New terms to accept: {terms.Name}, version {version.Version}", "published");

    /// <summary>The time to accept is nearly over.</summary>
    public static Notice Reminder(UsageTerms terms, TermsVersion version, string organisation, int days) => Make(
        "terms.reminder", terms, version, organisation, $"Not yet accepted: {terms.Name}, version {version.Version}", $"reminder/{days}");

    private static Notice Make(string topic, UsageTerms terms, TermsVersion version, string organisation, string subject, string key)
    {
        var text = version.TextUrl is { } url ? $"The text: {url}\n" : "";
        var sum = version.TextSha256 is { } hash ? $"Its SHA-256: {hash}\n" : "";
        var body = $"{terms.Name}, version {version.Version}, is in force from {version.EffectiveFrom:u} and must be accepted before {version.AcceptBy:u}. "
            + $"From then on calls of '{organisation}' are refused until it is.\n{text}{sum}"
            + $"Accept with: dogana terms accept {terms.Id} --organisation {organisation} --version {version.Version} --by \"Name, role\"";
        var data = JsonSerializer.Serialize(
            new { terms = terms.Id, version = version.Version, organisation, effective_from = version.EffectiveFrom, accept_by = version.AcceptBy, version.TextUrl, version.TextSha256 },
            DoganaJson.Options);
        return new Notice(topic, organisation, subject, body, data, $"terms/{terms.Id}/{version.Version}/{key}/{organisation}");
    }
}
