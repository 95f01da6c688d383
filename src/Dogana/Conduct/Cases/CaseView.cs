using Dogana.Authority;
using Dogana.Client;
using Dogana.Parties;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Conduct.Cases;

/// <summary>Cases in the admin API's records, as somebody may read them: tenants see no other tenant and no person of the platform.</summary>
internal sealed class CaseView(PartyTable parties, Reach reach, DateTimeOffset now, bool isFull)
{
    public static async Task<CaseView> ReadAsync(StoreSession session, Reach reach, DateTimeOffset now, bool forCustomer = false) =>
        new(await PartyRegister.ReadAsync(session), reach, now, reach.IsAll && !forCustomer);

    /// <summary>Does the case exist for them? A customer and its sellers know of it once something was done, or they were told.</summary>
    public bool Knows(ConductCase item) => reach.IsAll || (item.IsKnownToCustomer && (IsCustomer(item.Account) || CaseNotices.ChannelsOf(parties, item.Account, now).Any(channel => reach.HasChannel(channel.Id))));

    /// <summary>Do they speak for the customer, or for the reseller whose end customer it is?</summary>
    public bool IsCustomer(ConductAccount account) => reach.HasOrganisation(account.Party) || (account.EndCustomer is not null && reach.HasOrganisation(account.Organisation));

    public static CaseRecord ToRecord(ConductCase item) => new(
        item.Id, item.Account.Organisation, item.Account.Owner, item.Account.EndCustomer, EnumWords.Of(item.State), item.CreatedAt, CaseLife.DueAt(item), item.NoticedAt, item.CureUntil,
        item.Decision is { } made ? EnumWords.Of(made.Outcome) : null, item.Decision?.Measure, item.Decision?.AppealBy, item.ClosedAt);

    public async Task<CaseDetail> DetailAsync(StoreSession session, KeyRing ring, ConductCase item)
    {
        var signals = await SignalRows.OfCaseAsync(session, item.Id);
        var (redaction, evidence) = (new Redaction(item.Account, signals), await EvidenceRows.FindAsync(session, item.Id));
        return new CaseDetail(
            ToRecord(item), item.Statement is { } told ? ToRecord(told, redaction) : null,
            item.Interim is { } interim ? new CaseInterimRecord(interim.Measure, interim.Urgency is null ? "throttle" : "hold", interim.At, interim.Until, interim.Urgency) : null,
            isFull && item.Proposal is { } proposal ? ToRecord(proposal, redaction) : null, item.Decision is { } decision ? ToRecord(decision, redaction) : null,
            isFull ? evidence?.Hash : evidence?.CustomerHash,
            [.. signals.Select(signal => ToRecord(isFull ? signal : signal with { Finding = redaction.Of(signal.Finding) }))],
            [.. (await SignalRows.QuestionsOfAsync(session, item.Account)).Select(ToRecord)],
            [.. (await CaseEvidence.ReadExcerptsAsync(session, ring, item.Id)).Select(static piece => new CaseExcerptRecord(piece.CallId, piece.At, piece.Hash, piece.Text))],
            [.. (await CaseRows.ReadEventsAsync(session, item.Id)).Where(IsShown).Select(happened => ToRecord(happened, redaction))]);
    }

    public static SignalRecord ToRecord(ConductSignal signal)
    {
        var finding = signal.Finding;
        return new SignalRecord(
            signal.Id, finding.Account.Organisation, finding.Account.Owner, finding.Account.EndCustomer, EnumWords.Of(finding.Detector), finding.Signature, finding.SignatureVersion,
            EnumWords.Of(finding.Strength), EnumWords.Of(signal.State), signal.Source, signal.Case, finding.FirstAt, finding.LastAt, finding.Requests, finding.OfRequests, finding.DistinctItems,
            finding.Statement, finding.Innocent)
        {
            CallIds = finding.CallIds,
            BenignPercentile = finding.BenignPercentile,
            BenignAccounts = finding.BenignAccounts,
            Linked = finding.Linked,
            LinkingFact = finding.LinkingFact,
        };
    }

    public static QuestionRecord ToRecord(UseQuestion item) =>
        new(item.Id, item.Account.Organisation, item.Account.Owner, item.Account.EndCustomer, item.AskedAt, item.DueAt, item.Uses, item.Answer, item.AnsweredAt);

    // What the owner's people weigh among themselves is theirs until it is decided.
    private bool IsShown(CaseEvent happened) => isFull || happened.Kind is not (CaseEventKind.Proposed or CaseEventKind.Rejected or CaseEventKind.Escalated or CaseEventKind.SignalAdded);

    private StatementRecord ToRecord(StatementOfReasons item, Redaction redaction)
    {
        var shown = isFull ? item : redaction.Of(item);
        return new StatementRecord(shown.Facts, shown.Terms, shown.Clause, shown.Models, shown.Channels, shown.Until, shown.IsFoundByAutomation, shown.Redress, shown.RedressBy);
    }

    private CaseDecisionRecord ToRecord(CaseDecision item, Redaction redaction) => new(
        EnumWords.Of(item.Outcome), ToRecord(item.Statement, redaction), item.RequestsPerMinute, item.TokensPerDay, isFull ? item.ProposedBy.Name : "",
        isFull || item.ApprovedBy is null ? item.ApprovedBy?.Name : "", item.DecidedAt);

    private CaseEventRecord ToRecord(CaseEvent item, Redaction redaction) => new(
        item.Sequence, item.At, isFull ? item.By.Name : EnumWords.Of(item.By.Side), EnumWords.Of(item.Kind), isFull ? item.Text : redaction.Of(item.Text));
}
