using Dogana.Audit;
using Dogana.Conduct.Cases;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>Takes findings in, from detectors and from people: a strong one begins a case, a weak one a question to the customer. People decide all the rest.</summary>
public static class ConductSignals
{
    /// <summary>A signal by its id.</summary>
    public static async Task<Outcome<ConductSignal>> FindAsync(StoreSession session, string id) =>
        await SignalRows.FindAsync(session, id) is { } signal ? signal : new Problem(ProblemCode.NotFound, $"No signal has the id '{id}'.", "id");

    /// <summary>Signals by id, those in a state where one is given.</summary>
    public static Task<IReadOnlyList<ConductSignal>> ListAsync(StoreSession session, SignalState? state, string after, int limit) => SignalRows.ListAsync(session, state, after, limit);

    /// <summary>The signals of a case.</summary>
    public static Task<IReadOnlyList<ConductSignal>> OfCaseAsync(StoreSession session, string caseId) => SignalRows.OfCaseAsync(session, caseId);

    /// <summary>Records a finding. The same one (account, detector, signature, version) within the window of the first updates that signal, and nobody is asked or told again.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="finding">What was found.</param>
    /// <param name="now">Now.</param>
    /// <param name="source"><see cref="ConductSignal.ByDetector"/> or <see cref="ConductSignal.ByReport"/>.</param>
    /// <param name="actor">Who brought it; null for a detector.</param>
    public static async Task<Outcome<ConductSignal>> RecordAsync(
        StoreSession session, ConductFinding finding, DateTimeOffset now, string source = ConductSignal.ByDetector, string? actor = null)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return await RecordAsync(session, finding, await PartyRegister.ReadAsync(session), Measures.Stored(now), source, actor);
    }

    /// <summary>Records what detectors found in a round. What one of them is refused for keeps no other from being recorded.</summary>
    /// <returns>Why findings were refused.</returns>
    public static async Task<IReadOnlyList<Problem>> RecordAsync(StoreSession session, IReadOnlyList<ConductFinding> findings, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(findings);
        var refused = new List<Problem>();
        var parties = findings.Count == 0 ? null : await PartyRegister.ReadAsync(session);
        foreach (var finding in findings)
        {
            if (!(await RecordAsync(session, finding, parties!, Measures.Stored(now), ConductSignal.ByDetector, actor: null)).TryGet(out _, out var problem))
            {
                refused.Add(problem);
            }
        }

        return refused;
    }

    /// <summary>Puts a signal into triage by hand: into the account's case, or a new one.</summary>
    public static async Task<Outcome<ConductCase>> TriageAsync(StoreSession session, string id, string reason, string actor, DateTimeOffset now)
    {
        now = Measures.Stored(now);
        if (!(await FindAsync(session, id)).TryGet(out var signal, out var problem))
        {
            return problem;
        }

        if (signal.State == SignalState.InCase)
        {
            return new Problem(ProblemCode.CaseStateRefused, $"The signal '{id}' is in the case '{signal.Case}' already.");
        }

        return CaseRules.CheckLine(reason, "reason") is { } wrong
            ? wrong
            : await AddToCaseAsync(
                session, signal, reason, new CaseActor(actor, actor, CaseSide.Platform), await ConductSettings.ReadAsync(session, signal.Finding.Account.Owner), await PartyRegister.ReadAsync(session), now);
    }

    /// <summary>Dismisses a signal that is in no case: found again within its window it stays dismissed.</summary>
    public static async Task<Outcome<ConductSignal>> DismissAsync(StoreSession session, string id, string reason, string actor, DateTimeOffset now)
    {
        if (!(await FindAsync(session, id)).TryGet(out var signal, out var problem))
        {
            return problem;
        }

        if (signal.State == SignalState.InCase)
        {
            return new Problem(ProblemCode.CaseStateRefused, $"The signal '{id}' is in the case '{signal.Case}'. Dismiss the case instead.");
        }

        if (CaseRules.CheckLine(reason, "reason") is { } wrong)
        {
            return wrong;
        }

        var dismissed = signal with { State = SignalState.Dismissed };
        await SignalRows.WriteAsync(session, dismissed);
        await AuditLog.WriteAsync(session, now, actor, "signal.dismiss", id, reason);
        return dismissed;
    }

    internal static async Task<ConductCase> AddToCaseAsync(
        StoreSession session, ConductSignal signal, string reason, CaseActor actor, ConductSettings settings, PartyTable parties, DateTimeOffset now)
    {
        var account = signal.Finding.Account;
        CaseStep step;
        if (await CaseRows.FindActiveAsync(session, account) is { } active)
        {
            var work = new CaseWork(active);
            work.Advance(now);
            work.Add(CaseEventKind.SignalAdded, actor, now, $"{signal.Finding.Signature}: {reason}");
            step = work.ToStep();
        }
        else
        {
            step = CaseLife.Begin(Guid.CreateVersion7(now).ToString(), account, $"{signal.Finding.Signature}: {reason}", actor, settings, now);
        }

        // First, for the case's notices are redacted by its signals.
        await SignalRows.WriteAsync(session, signal with { State = SignalState.InCase, Case = step.Case.Id });
        return (await ConductCases.WriteAsync(session, step, settings, parties, now)).Value;
    }

    private static async Task<Outcome<ConductSignal>> RecordAsync(StoreSession session, ConductFinding finding, PartyTable parties, DateTimeOffset now, string source, string? actor)
    {
        if (Check(finding, parties) is { } wrong)
        {
            return wrong;
        }

        var settings = await ConductSettings.ReadAsync(session, finding.Account.Owner);
        var present = await SignalRows.FindOpenAsync(session, finding, now);
        var signal = present is null
            ? new ConductSignal(Guid.CreateVersion7(now).ToString(), finding, SignalState.Observed, source, now, now, now.AddDays(settings.SignalDays), null)
            : present with { Finding = finding, UpdatedAt = now };
        if (actor is not null)
        {
            await AuditLog.WriteAsync(session, now, actor, "signal.report", signal.Id, $"{finding.Account.Party} from {finding.Account.Owner}: {finding.Signature}");
        }

        // Only what is new asks for something: a first sight, or a weak one that became strong.
        var isNews = present is null
            || (present.Finding.Strength == FindingStrength.Weak && finding.Strength == FindingStrength.Strong && present.State is (SignalState.Asked or SignalState.Observed));
        await SignalRows.WriteAsync(session, signal);
        return settings.IsObserveOnly || !isNews ? signal : await FollowAsync(session, signal, settings, parties, now);
    }

    private static async Task<ConductSignal> FollowAsync(StoreSession session, ConductSignal signal, ConductSettings settings, PartyTable parties, DateTimeOffset now)
    {
        var account = signal.Finding.Account;
        var active = await CaseRows.FindActiveAsync(session, account);
        if (signal.Finding.Strength == FindingStrength.Weak && active is null)
        {
            var asked = signal with { State = SignalState.Asked };
            await SignalRows.WriteAsync(session, asked);
            await UseQuestions.AskAsync(session, asked, settings, parties, now);
            return asked;
        }

        var reason = signal.Finding.Strength == FindingStrength.Strong ? "a strong signal" : "a weak signal beside others";
        var item = await AddToCaseAsync(session, signal, reason, CaseActor.Automation, settings, parties, now);
        if (signal.Finding.Strength == FindingStrength.Strong && settings.InterimRequestsPerMinute is { } rate)
        {
            // Refused where the case was slowed down before, or the party is no organisation: then people do what is to be done.
            await ConductCases.DoAsync(
                session, item.Id, new CaseCommand.Throttle(rate, settings.InterimThrottleHours, "Slowed down for some hours while a person looks into it."), "", CaseSide.Automation, now);
        }

        return signal with { State = SignalState.InCase, Case = item.Id };
    }

    private static Problem? Check(ConductFinding finding, PartyTable parties)
    {
        var account = finding.Account;
        return Missing(account.Organisation, "organisation") ?? Missing(account.Owner, "owner")
            ?? CaseRules.CheckLine(finding.Signature, "signature", 100) ?? CaseRules.CheckLine(finding.SignatureVersion, "version", 100)
            ?? CaseRules.CheckLine(finding.Statement, "statement") ?? CaseRules.CheckLine(finding.Innocent, "innocent")
            ?? (finding.LastAt < finding.FirstAt || !MeasureProposal.IsInRange(finding.FirstAt) || !MeasureProposal.IsInRange(finding.LastAt)
                ? new Problem(ProblemCode.InvalidRequest, "'last_at' comes before 'first_at', or one of them is out of range.", "last_at")
            : finding.Requests < 1 || finding.OfRequests < finding.Requests || finding.DistinctItems < 0
                ? new Problem(ProblemCode.InvalidRequest, "'requests' is 1 or more, 'of_requests' is not less, and 'distinct_items' is not negative.", "requests")
            : finding.CallIds.Count > ConductFinding.CallIdsMax ? new Problem(ProblemCode.InvalidRequest, $"At most {ConductFinding.CallIdsMax} call ids.", "call_ids")
            : null);

        Problem? Missing(string id, string field) => parties.Organisations.ContainsKey(id) ? null : new Problem(ProblemCode.NotFound, $"No organisation has the id '{id}'.", field);
    }
}
