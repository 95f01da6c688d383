using System.Collections.Frozen;
using Dogana.Parties;

namespace Dogana.Catalog;

/// <summary>What decides whether a model is open to a call.</summary>
/// <param name="Model">The model.</param>
/// <param name="Project">The project that calls.</param>
/// <param name="Channel">The channel that it buys on.</param>
/// <param name="Organisations">Whoever it concerns: who buys, and whom it is for.</param>
/// <param name="Countries">Every country that the call points to, ISO 3166-1 alpha-2.</param>
public sealed record ReleaseFacts(Model Model, string Project, string Channel, IReadOnlyList<string> Organisations, IReadOnlyList<string> Countries);

/// <summary>That a model is going.</summary>
/// <param name="DeprecatedAt">Since when; null where only its retirement is announced.</param>
/// <param name="RetiresAt">The first instant at which it is no longer served; null while that is open.</param>
/// <param name="Replacement">The model to use in its place; null where there is none that the caller may know of.</param>
public sealed record Deprecation(DateTimeOffset? DeprecatedAt, DateTimeOffset? RetiresAt, string? Replacement);

/// <summary>What a model's release and its life say of a call.</summary>
/// <param name="Waves">The waves that cover it, or why each does not: then for this call there is no such model. Empty where the model has no waves.</param>
/// <param name="Retirement">Why it is no longer served; null while it is.</param>
/// <param name="Deprecation">That the model is going; null while it is not.</param>
public sealed record ReleaseDecision(IReadOnlyList<Finding> Waves, Finding? Retirement, Deprecation? Deprecation);

/// <summary>
/// The release waves and the lives of models at one instant, immutable and thread-safe. A model with any wave is open to whom one of them covers, from that
/// wave's instant on; a model without is open to all.
/// </summary>
public sealed class ReleaseTable
{
    private readonly FrozenDictionary<string, ReleaseWave[]> _waves;
    private readonly FrozenDictionary<string, FrozenSet<string>> _families; // by wave
    private readonly CatalogTable _catalog;
    private readonly DateTimeOffset _at;

    /// <summary>Builds the table; families are worked out here, before calls ask.</summary>
    /// <param name="catalog">The models and the waves.</param>
    /// <param name="ownership">Who stands behind whom at that instant.</param>
    /// <param name="at">The instant.</param>
    public ReleaseTable(CatalogTable catalog, OwnershipView ownership, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(ownership);
        (_catalog, _at) = (catalog, at);
        _waves = catalog.Waves.GroupBy(static wave => wave.Model, StringComparer.Ordinal)
            .ToFrozenDictionary(static group => group.Key, static group => group.ToArray(), StringComparer.Ordinal);
        _families = catalog.Waves.Where(wave => wave.Families is not null && wave.From <= at).ToFrozenDictionary(
            static wave => wave.Id,
            wave =>
            {
                var rule = ownership.RuleFor(catalog.Models[wave.Model].Owner);
                return wave.Families!.SelectMany(party => ownership.AffiliatesOf(party, rule).Values)
                    .Where(static affiliate => affiliate.Certainty == Certainty.Yes).Select(static affiliate => affiliate.Party).ToFrozenSet(StringComparer.Ordinal);
            },
            StringComparer.Ordinal);
        NextChange = catalog.Waves.Select(static wave => (DateTimeOffset?)wave.From)
            .Concat(catalog.Models.Values.SelectMany(static model => new[] { model.DeprecatedAt, model.RetiresAt }))
            .Where(instant => instant > at).Min();
    }

    /// <summary>The first instant after the table's own at which it no longer holds; null for never. Changes of ownership are the graph's to tell.</summary>
    public DateTimeOffset? NextChange { get; }

    /// <summary>Decides.</summary>
    public ReleaseDecision Decide(ReleaseFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var model = facts.Model;
        var state = model.StateAt(_at);
        var replacement = state == ModelState.Active ? null : ReplacementFor(facts);
        return new ReleaseDecision(
            Waves(facts),
            state == ModelState.Retired
                ? new Finding(Verdict.Deny, $"model {model.Id}", $"The model '{model.Id}' retired at {InstantText.Format(model.RetiresAt!.Value)} and is no longer served.{(replacement is null ? "" : $" Use '{replacement}' in its place.")}")
                {
                    Code = ProblemCode.ModelRetired,
                }
                : null,
            state == ModelState.Deprecated ? new Deprecation(model.DeprecatedAt, model.RetiresAt, replacement) : null);
    }

    // What is not open to the caller is not named to it.
    private string? ReplacementFor(ReleaseFacts facts) =>
        facts.Model.Replacement is { } id && _catalog.Models.TryGetValue(id, out var model) && Waves(facts with { Model = model }) is not [{ Verdict: Verdict.Deny }, ..] ? id : null;

    private Finding[] Waves(ReleaseFacts facts)
    {
        if (!_waves.TryGetValue(facts.Model.Id, out var waves))
        {
            return [];
        }

        var judged = waves.Select(wave => (Wave: wave, WhyNot: WhyNot(wave, facts))).ToArray();
        var covering = judged.Where(static item => item.WhyNot is null).Select(static item => new Finding(
            Verdict.Allow, $"release_wave {item.Wave.Id}", $"It opens '{item.Wave.Model}' to this call from {InstantText.Format(item.Wave.From)} on.")).ToArray();
        return covering.Length > 0 ? covering : [.. judged.Select(static item => new Finding(Verdict.Deny, $"release_wave {item.Wave.Id}", item.WhyNot!) { Code = ProblemCode.ModelNotFound })];
    }

    private string? WhyNot(ReleaseWave wave, ReleaseFacts facts) => wave.From > _at ? $"It begins at {InstantText.Format(wave.From)}."
        : !Has(wave.Channels, facts.Channel) ? $"It is not for the channel '{facts.Channel}'."
        : !Has(wave.Projects, facts.Project) ? $"It is not for the project '{facts.Project}'."
        : facts.Countries.FirstOrDefault(country => !Has(wave.Countries, country)) is { } country ? $"It is not for the country {country}."
        : facts.Organisations.FirstOrDefault(organisation => !Has(wave.Organisations, organisation)) is { } organisation ? $"It is not for '{organisation}'."
        : _families.TryGetValue(wave.Id, out var family) && facts.Organisations.FirstOrDefault(id => !family.Contains(id)) is { } stranger
            ? $"It is not for '{stranger}', which is not for certain of one of its families."
        : null;

    private static bool Has(IReadOnlyList<string>? list, string id) => list is null || list.Contains(id, StringComparer.Ordinal);
}
