using Dogana.Parties;
using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Conduct.Cases;

/// <summary>All that a notice relies on, in one document.</summary>
internal sealed record EvidenceBundle(
    string Format, string Case, ConductAccount Account, DateTimeOffset FrozenAt, StatementOfReasons Statement, IReadOnlyList<BundledFinding> Findings,
    IReadOnlyList<BundledExcerpt> Excerpts, IReadOnlyList<UseQuestion> Questions, IReadOnlyList<DeclaredUse> DeclaredUses)
{
    public static async Task<EvidenceBundle> BuildAsync(
        StoreSession session, ConductCase item, IReadOnlyList<ConductSignal> signals, IReadOnlyList<ExcerptRow> excerpts, DateTimeOffset now)
    {
        var projects = (await PartyRegister.ReadAsync(session)).Projects;
        var uses = (await TermsRegister.ReadAsync(session)).Uses.Where(use => projects.GetValueOrDefault(use.Project)?.Organisation == item.Account.Organisation);
        return new EvidenceBundle(
            "dogana-evidence-1", item.Id, item.Account, now, item.Statement!, [.. signals.Select(static signal => new BundledFinding(signal.Id, signal.Source, signal.Finding))],
            [.. excerpts.Select(static row => new BundledExcerpt(row.Number, row.CallId, StoredTime.FromMicros(row.At), row.Hash, row.Body is not null))],
            await SignalRows.QuestionsOfAsync(session, item.Account), [.. uses]);
    }

    /// <summary>As the customer may read it.</summary>
    public EvidenceBundle For(Redaction redaction) => this with
    {
        Statement = redaction.Of(Statement),
        Findings = [.. Findings.Select(item => item with { Finding = redaction.Of(item.Finding) })],
    };
}

internal sealed record BundledFinding(string Signal, string Source, ConductFinding Finding);

internal sealed record BundledExcerpt(long Number, string CallId, DateTimeOffset At, string Hash, bool IsTextKept);
