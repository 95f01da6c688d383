using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Markets;

/// <summary>The declared market rules.</summary>
public static class MarketRules
{
    /// <summary>All rules, past and future ones too, by id.</summary>
    public static async Task<IReadOnlyList<MarketRule>> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var rows = await session.QueryAsync<Row>(
            """
            select id as Id, effect as Effect, countries as Countries, models as Models, owners as Owners, channels as Channels, uses as Uses,
                owned_from as OwnedFrom, control_rule as ControlRule, own_model as OwnModel, regions as Regions, labels as Labels, reason as Reason,
                source as Source, valid_from as ValidFrom, valid_to as ValidTo
            from market_rule
            """);
        return [.. rows.Select(static row => row.ToRule()).OrderBy(static rule => rule.Id, StringComparer.Ordinal)];
    }

    /// <summary>Makes the store hold what is declared; what is not named stays. A rule ends with <c>to</c>.</summary>
    /// <exception cref="ProblemException">A rule names a rule of control that there is not; nothing may be committed.</exception>
    public static async Task<IReadOnlyList<Change>> DeclareAsync(StoreSession session, PartyTable parties, IReadOnlyList<MarketRule> rules)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(parties);
        foreach (var rule in rules)
        {
            if (rule.ControlRule is { } control && control != ControlRule.Default.Id && parties.Ownership.Rules.All(item => item.Id != control))
            {
                throw new ProblemException(new Problem(
                    ProblemCode.InvalidRequest, $"The market rule '{rule.Id}' names the control rule '{control}', which there is not. Declare it, or name another one.", "market_rules"));
            }
        }

        return await session.DeclareAsync(
            "market_rule", await ReadAsync(session), rules, static rule => rule.Id,
            """
            insert into market_rule(id, effect, countries, models, owners, channels, uses, owned_from, control_rule, own_model, regions, labels, reason, source,
                valid_from, valid_to)
            values(@Id, @Effect, @Countries, @Models, @Owners, @Channels, @Uses, @OwnedFrom, @ControlRule, @OwnModel, @Regions, @Labels, @Reason, @Source,
                @ValidFrom, @ValidTo)
            on conflict(id) do update set effect = excluded.effect, countries = excluded.countries, models = excluded.models, owners = excluded.owners,
                channels = excluded.channels, uses = excluded.uses, owned_from = excluded.owned_from, control_rule = excluded.control_rule,
                own_model = excluded.own_model, regions = excluded.regions, labels = excluded.labels, reason = excluded.reason, source = excluded.source,
                valid_from = excluded.valid_from, valid_to = excluded.valid_to
            """,
            Row.Of);
    }

    // Lists are joined by a comma: names of regions may have spaces.
    private sealed record Row(
        string Id, string Effect, string? Countries, string? Models, string? Owners, string? Channels, string? Uses, string? OwnedFrom, string? ControlRule,
        long? OwnModel, string? Regions, string? Labels, string? Reason, string? Source, long? ValidFrom, long? ValidTo)
    {
        public static Row Of(MarketRule rule) => new(
            rule.Id, rule.Effect.ToString(), Join(rule.Countries), Join(rule.Models), Join(rule.Owners), Join(rule.Channels), Join(rule.Uses), Join(rule.OwnedFrom),
            rule.ControlRule, rule.OwnModel is { } own ? own ? 1 : 0 : null, Join(rule.Regions), rule.Labels.Count == 0 ? null : Join(rule.Labels), rule.Reason, rule.Source,
            rule.From?.ToMicros(), rule.To?.ToMicros());

        public MarketRule ToRule() => new(
            Id, Enum.Parse<MarketEffect>(Effect), ValidFrom is { } from ? StoredTime.FromMicros(from) : null, ValidTo is { } to ? StoredTime.FromMicros(to) : null)
        {
            Countries = Split(Countries),
            Models = Split(Models),
            Owners = Split(Owners),
            Channels = Split(Channels),
            Uses = Split(Uses),
            OwnedFrom = Split(OwnedFrom),
            ControlRule = ControlRule,
            OwnModel = OwnModel is { } own ? own == 1 : null,
            Regions = Split(Regions),
            Labels = Split(Labels) ?? [],
            Reason = Reason,
            Source = Source,
        };

        private static string? Join(IReadOnlyList<string>? list) => list is null ? null : string.Join(',', list);

        private static string[]? Split(string? text) => text?.Split(',');
    }
}
