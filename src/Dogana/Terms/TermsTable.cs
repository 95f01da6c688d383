#pragma warning disable CA1822 // grows fields in its next step
using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Terms;

/// <summary>What the usage terms say of a call.</summary>
/// <param name="Verdict">May it be served?</param>
/// <param name="Findings">Each version, acceptance and exception that matters, the decisive one first; empty where no terms are declared.</param>
/// <param name="MayLog">May prompts and answers be kept or traced, where the project asks for it?</param>
public sealed record TermsDecision(Verdict Verdict, IReadOnlyList<Finding> Findings, bool MayLog);

/// <summary>All terms, acceptances, exceptions and declared uses at one instant, immutable.</summary>
public sealed class TermsTable
{
    /// <summary>What a project declared that it uses models for; empty when it declared nothing.</summary>
    public IReadOnlyList<string> UsesOf(string project) => [];

    /// <summary>Decides whether an organisation may use a model in a project on a channel.</summary>
    public TermsDecision Decide(Project project, string channel, Model model) => new(Verdict.Allow, [], MayLog: true);
}
