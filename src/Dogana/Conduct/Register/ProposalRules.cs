using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Conduct.Register;

/// <summary>What a measure must say, whoever proposes it and however.</summary>
internal static class ProposalRules
{
    private const int TextMax = 500;

    /// <summary>The proposal as a measure that nobody has approved, or what is wrong with it.</summary>
    public static Outcome<Measure> Check(MeasureProposal proposal, PartyTable parties, CatalogTable catalog, string id, string actor, DateTimeOffset now)
    {
        if ((Missing(parties, proposal.Organisation, "organisation") ?? Missing(parties, proposal.Owner, "owner")) is { } missing)
        {
            return missing;
        }

        if (CheckText(proposal.Reason, "reason", "A measure needs a reason of at most 500 characters on one line: the customer reads it.") is { } wrong)
        {
            return wrong;
        }

        if ((CheckInstant(proposal.From, "from") ?? CheckInstant(proposal.To, "to")) is { } far)
        {
            return far;
        }

        var starts = proposal.From > now ? proposal.From.Value : now;
        if (proposal.To <= (proposal.From ?? now))
        {
            return new Problem(ProblemCode.InvalidRequest, "It ends before it begins. Give an end after its start, or none.", "to");
        }

        if (CheckNumbers(proposal) is { } number)
        {
            return number;
        }

        if (!Ids(proposal.Models, "models").TryGet(out var models, out var problem) || !Ids(proposal.Channels, "channels").TryGet(out var channels, out problem))
        {
            return problem;
        }

        var foreign = models.FirstOrDefault(model => model != Measure.All && catalog.Models.GetValueOrDefault(model)?.Owner != proposal.Owner);
        var unknown = channels.FirstOrDefault(channel => channel != Measure.All && !parties.Channels.ContainsKey(channel));
        return foreign is not null ? new Problem(ProblemCode.NotFound, $"'{proposal.Owner}' owns no model '{foreign}'. Name its models, or '*' for all.", "models")
            : unknown is not null ? new Problem(ProblemCode.NotFound, $"No channel has the id '{unknown}'. Name channels, or '*' for all.", "channels")
            : new Measure(id, proposal.Organisation, proposal.Owner, proposal.Level, proposal.Reason, actor, now, starts)
            {
                Models = models,
                Channels = channels,
                RequestsPerMinute = proposal.RequestsPerMinute,
                TokensPerDay = proposal.TokensPerDay,
                EndsAt = proposal.To,
            };
    }

    /// <summary>A text on one line of at most 500 characters, or the problem.</summary>
    public static Problem? CheckText(string? text, string field, string otherwise) =>
        string.IsNullOrWhiteSpace(text) || text.Length > TextMax || text.Any(char.IsControl) ? new Problem(ProblemCode.InvalidRequest, otherwise, field) : null;

    private static Problem? CheckInstant(DateTimeOffset? instant, string field) => instant is { } at && !MeasureProposal.IsInRange(at)
        ? new Problem(ProblemCode.InvalidRequest, $"'{field}' must lie in the years {MeasureProposal.FirstYear} to {MeasureProposal.LastYear}.", field)
        : null;

    private static Problem? Missing(PartyTable parties, string id, string field) =>
        parties.Organisations.ContainsKey(id) ? null : new Problem(ProblemCode.NotFound, $"No organisation has the id '{id}'.", field);

    private static Problem? CheckNumbers(MeasureProposal proposal) =>
        proposal.Level == MeasureLevel.Throttle != proposal.RequestsPerMinute is not null || proposal.RequestsPerMinute < 1
            ? new Problem(ProblemCode.InvalidRequest, "The level throttle, and no other, has requests_per_minute: 1 or more.", "requests_per_minute")
        : proposal.Level == MeasureLevel.Limit != proposal.TokensPerDay is not null || proposal.TokensPerDay < 1
            ? new Problem(ProblemCode.InvalidRequest, "The level limit, and no other, has tokens_per_day: 1 or more.", "tokens_per_day")
        : null;

    // In one order: the same measure is written in one way.
    private static Outcome<string[]> Ids(IReadOnlyList<string?> ids, string field)
    {
        if (ids.Any(string.IsNullOrEmpty))
        {
            return new Problem(ProblemCode.InvalidRequest, "An id in the list is null or empty. Name ids, or '*' alone for all.", field);
        }

        string[] sorted = [.. ids.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return sorted.Length == 0 || (sorted.Length > 1 && sorted.Contains(Measure.All, StringComparer.Ordinal))
            ? new Problem(ProblemCode.InvalidRequest, "Name ids, or '*' alone for all.", field)
            : sorted;
    }
}
