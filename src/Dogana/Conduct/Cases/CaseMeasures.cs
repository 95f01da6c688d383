using Dogana.Catalog;
using Dogana.Conduct.Register;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Conduct.Cases;

/// <summary>The measures that cases take and lift: the only thing that enforces.</summary>
internal static class CaseMeasures
{
    private const int ReasonMax = 500;

    /// <summary>Is the ground a published version of the owner's terms, and the scope something that there is? The problem, or null.</summary>
    public static async Task<Problem?> CheckAsync(StoreSession session, PartyTable parties, ConductCase item, StatementOfReasons statement, DateTimeOffset now)
    {
        var versions = (await TermsRegister.ReadTermsAsync(session)).Where(terms => terms.Owner == item.Account.Owner)
            .SelectMany(static terms => terms.Versions).Where(version => version.EffectiveFrom <= now).Select(static version => $"{version.Terms}@{version.Version}").ToArray();
        if (!versions.Contains(statement.Terms, StringComparer.Ordinal))
        {
            return new Problem(
                ProblemCode.NotFound,
                $"'{item.Account.Owner}' has no terms '{statement.Terms}' in force. {(versions.Length == 0 ? "Publish terms in the world file first: a case stands on them." : $"Name one of {string.Join(", ", versions)}.")}",
                "terms");
        }

        var probe = new CaseEffect.Take(item.Id, MeasureLevel.Warn, statement, CaseActor.Automation, CaseActor.Automation, null);
        return Measure(item, probe, parties, await CatalogRegister.ReadAsync(session), now).Problem;
    }

    /// <summary>The measure that an effect takes, or why it cannot be.</summary>
    public static Outcome<Measure> Measure(ConductCase item, CaseEffect.Take effect, PartyTable parties, CatalogTable catalog, DateTimeOffset now)
    {
        var statement = effect.Statement;
        var proposal = new MeasureProposal(item.Account.Party, item.Account.Owner, effect.Level, Reason(item, statement))
        {
            Models = statement.Models,
            Channels = statement.Channels,
            RequestsPerMinute = effect.RequestsPerMinute,
            TokensPerDay = effect.TokensPerDay,
            To = statement.Until,
        };
        return ProposalRules.Check(proposal, parties, catalog, effect.Measure, effect.ProposedBy.Name, now).TryGet(out var measure, out var problem)
            ? measure with { ApprovedBy = effect.ApprovedBy.Name, ApprovedAt = now, Urgency = effect.Urgency, Case = item.Id }
            : problem;
    }

    public static async Task TakeAsync(StoreSession session, Measure measure, PartyTable parties, DateTimeOffset now)
    {
        await MeasureRows.InsertAsync(session, measure);
        await Measures.AuditAsync(session, measure, now, measure.ApprovedBy!, "measure.approve", $"{measure.Id}: {MeasureNames.Of(measure.Level)} by case {measure.Case}");
        await Measures.PutInForceAsync(session, measure, parties, now);
    }

    /// <summary>Lifts what still stands; what somebody lifted by hand, or what ended, is left alone.</summary>
    public static async Task LiftAsync(StoreSession session, CaseEffect.Lift lift, string actor, DateTimeOffset now)
    {
        if (await MeasureRows.FindAsync(session, lift.Measure) is { } measure && measure.IsStandingAt(now))
        {
            await Measures.LiftAsync(session, lift.Measure, actor, now, lift.Reason);
        }
    }

    // On one line, and within what a measure's reason may have; the case has the whole of it.
    private static string Reason(ConductCase item, StatementOfReasons statement)
    {
        var ground = statement.Terms.Length == 0 ? "" : $"{statement.Terms}, {statement.Clause}: ";
        var text = ground + statement.Facts.ReplaceLineEndings(" ");
        var end = $" (case {item.Id})";
        return (text.Length + end.Length <= ReasonMax ? text : string.Concat(text.AsSpan(0, ReasonMax - end.Length - 1), "…")) + end;
    }
}
