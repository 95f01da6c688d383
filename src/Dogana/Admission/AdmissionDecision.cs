using Dogana.Catalog;
using Dogana.Conduct;

namespace Dogana.Admission;

/// <summary>What was decided of calls with the same facts, and why. Immutable.</summary>
public sealed class AdmissionDecision
{
    /// <summary>What the rules say together: the strictest of the findings.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why such a call is refused; null when it is served. What is undecided is refused for a restricted model only.</summary>
    public required Problem? Refusal { get; init; }

    /// <summary>Why a call that is open already may go on no longer; null while it may. As <see cref="Refusal"/>, but that calls to a model that retires are let end.</summary>
    public required Problem? OpenCallRefusal { get; init; }

    /// <summary>Is there no such model for this call, because no release wave covers it? Then nothing may be told of it.</summary>
    public bool IsHidden => Refusal is { Code: ProblemCode.ModelNotFound };

    /// <summary>That the model is going; null while it is not, and once it is gone.</summary>
    public Deprecation? Deprecation { get; init; }

    /// <summary>What each rule found, the strictest first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>The measures that hold here and let the call through: warnings and limits, the hardest first.</summary>
    public required IReadOnlyList<StandingMeasure> Measures { get; init; }

    /// <summary>The upstreams that the channel's agreement allows; null for any.</summary>
    public IReadOnlySet<string>? Upstreams { get; init; }

    /// <summary>The upstream regions that the markets allow; null for any.</summary>
    public IReadOnlySet<string>? Regions { get; init; }

    /// <summary>Why a model may not run on an upstream for such a call; null where it may.</summary>
    public Problem? Forbids(Upstream upstream)
    {
        ArgumentNullException.ThrowIfNull(upstream);
        return Upstreams?.Contains(upstream.Id) == false
            ? new Problem(ProblemCode.MarketNotSupported, "The model does not run where the agreement of this channel allows it.")
            : Regions is { } regions && (upstream.Region is null || !regions.Contains(upstream.Region))
                ? new Problem(ProblemCode.MarketNotSupported, $"The model does not run in a region that your market requires: {string.Join(" or ", regions.Order(StringComparer.Ordinal))}.")
                : null;
    }

    /// <summary>The marks that the output must carry, as one header's value; null for none.</summary>
    public string? Labels { get; init; }

    /// <summary>May prompts and answers be kept or traced, where the project asks for it?</summary>
    public required bool MayLog { get; init; }
}
