using Dogana.Audit;
using Dogana.Authority;
using Dogana.Catalog;
using Dogana.Conduct.Cases;
using Dogana.Parties;
using Dogana.Storage;

namespace Dogana.Conduct;

/// <summary>Cases in the store: each command is one transaction of the case, its events, its measures, its notices and its audit row.</summary>
public static class ConductCases
{
    // What one round of deadlines takes at most: a write holds the store's one lock.
    private const int RoundMax = 100;

    /// <summary>A case by its id.</summary>
    public static async Task<Outcome<ConductCase>> FindAsync(StoreSession session, string id) =>
        await CaseRows.FindAsync(session, id) is { } item ? item : new Problem(ProblemCode.NotFound, $"No case has the id '{id}'.", "id");

    /// <summary>Cases by id, those in a state where one is given.</summary>
    public static Task<IReadOnlyList<ConductCase>> ListAsync(StoreSession session, CaseState? state, string after, int limit) => CaseRows.ListAsync(session, state, after, limit);

    /// <summary>What happened in a case, in order.</summary>
    public static Task<IReadOnlyList<CaseEvent>> ReadEventsAsync(StoreSession session, string id) => CaseRows.ReadEventsAsync(session, id);

    /// <summary>The cases for which evidence is gathered, by account: excerpts of its calls may be taken.</summary>
    public static Task<IReadOnlyDictionary<ConductAccount, string>> ReadOpenAsync(StoreSession session) => CaseRows.ReadOpenAsync(session);

    /// <summary>The case of an account that is not decided yet, or null.</summary>
    public static Task<ConductCase?> FindActiveAsync(StoreSession session, ConductAccount account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return CaseRows.FindActiveAsync(session, account);
    }

    /// <summary>Does what somebody wants of a case, or says why not; then nothing happened.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="id">The case.</param>
    /// <param name="command">What.</param>
    /// <param name="actor">Who, as audit rows name them.</param>
    /// <param name="side">For whom.</param>
    /// <param name="now">Now.</param>
    /// <param name="persons">Says who is behind an actor; where null, every actor is a person of its own.</param>
    public static async Task<Outcome<ConductCase>> DoAsync(
        StoreSession session, string id, CaseCommand command, string actor, CaseSide side, DateTimeOffset now, IPersons? persons = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        now = Measures.Stored(now);
        if (!(await FindAsync(session, id)).TryGet(out var item, out var problem))
        {
            return problem;
        }

        var (settings, parties) = (await ConductSettings.ReadAsync(session, item.Account.Owner), await PartyRegister.ReadAsync(session));
        var who = side == CaseSide.Automation ? CaseActor.Automation : new CaseActor(actor, persons is null ? actor : await persons.BehindAsync(session, actor), side);
        var isFound = (await SignalRows.OfCaseAsync(session, id)).Any(static signal => signal.Source == ConductSignal.ByDetector);
        command = command switch
        {
            CaseCommand.Notice c => new CaseCommand.Notice(c.Statement with { IsFoundByAutomation = isFound }),
            CaseCommand.Hold c => c with { Statement = c.Statement with { IsFoundByAutomation = isFound } },
            CaseCommand.Propose c => c with { Statement = c.Statement with { IsFoundByAutomation = isFound } },
            CaseCommand.Extend c => c with { Until = Measures.Stored(c.Until) },
            _ => command,
        };
        if (!CaseLife.Do(item, command, who, settings, now).TryGet(out var step, out problem))
        {
            return problem;
        }

        var statement = command switch { CaseCommand.Notice c => c.Statement, CaseCommand.Hold c => c.Statement, CaseCommand.Propose c => c.Statement, _ => null };
        if (statement is not null && await CaseMeasures.CheckAsync(session, parties, item, statement, now) is { } wrong)
        {
            return wrong;
        }

        return command is CaseCommand.SellerAnswer answer && CaseNotices.ChannelsOf(parties, item.Account, now).All(channel => channel.Id != answer.Channel)
            ? new Problem(ProblemCode.NotFound, $"The channel '{answer.Channel}' is not party to the case '{id}'.", "channel")
            : await WriteAsync(session, step, settings, parties, now);
    }

    /// <summary>Lets the deadlines that are over do what they do, each once, whichever node asks how often; and erases what was kept long enough.</summary>
    /// <returns>How many cases and questions changed.</returns>
    public static async Task<int> RunDueAsync(StoreSession session, DateTimeOffset now)
    {
        now = Measures.Stored(now);
        var (due, erasable) = (await CaseRows.ReadDueAsync(session, now, RoundMax), await CaseRows.ReadErasableAsync(session, now, RoundMax));
        if (due.Count > 0)
        {
            var parties = await PartyRegister.ReadAsync(session);
            foreach (var item in due)
            {
                await WriteAsync(session, CaseLife.Advance(item, now), await ConductSettings.ReadAsync(session, item.Account.Owner), parties, now);
            }
        }

        foreach (var item in erasable)
        {
            await EraseAsync(session, item, now);
        }

        return due.Count + erasable.Count + await UseQuestions.RunDueAsync(session, now, RoundMax);
    }

    /// <summary>Is a deadline over? A read, so that rounds in which nothing is due write nothing.</summary>
    public static async Task<bool> IsAnythingDueAsync(StoreSession session, DateTimeOffset now) =>
        (await CaseRows.ReadDueAsync(session, now, 1)).Count > 0 || (await CaseRows.ReadErasableAsync(session, now, 1)).Count > 0 || (await SignalRows.QuestionsDueAsync(session, now, 1)).Count > 0;

    internal static async Task<Outcome<ConductCase>> WriteAsync(StoreSession session, CaseStep step, ConductSettings settings, PartyTable parties, DateTimeOffset now)
    {
        // Whatever may refuse comes first: a problem must leave nothing behind.
        var item = step.Case;
        var taken = new Dictionary<string, Measure>(StringComparer.Ordinal);
        foreach (var effect in step.Effects.OfType<CaseEffect.Take>())
        {
            if (!CaseMeasures.Measure(item, effect, parties, await CatalogRegister.ReadAsync(session), now).TryGet(out var measure, out var problem))
            {
                return problem;
            }

            taken.Add(effect.Measure, measure);
        }

        await CaseRows.WriteAsync(session, item, settings.RetentionDays);
        await CaseRows.InsertAsync(session, item.Id, step.Events);
        foreach (var effect in step.Effects)
        {
            await (effect switch
            {
                CaseEffect.Take take => CaseMeasures.TakeAsync(session, taken[take.Measure], parties, now),
                CaseEffect.Lift lift => CaseMeasures.LiftAsync(session, lift, step.Events[^1].By.Name, now),
                _ => CaseEvidence.FreezeAsync(session, item, now),
            });
        }

        foreach (var happened in step.Events)
        {
            await AuditLog.WriteAsync(session, now, happened.By.Name, "case." + EnumWords.Of(happened.Kind), item.Id, $"{item.Account.Party} from {item.Account.Owner}");
        }

        var redaction = new Redaction(item.Account, await SignalRows.OfCaseAsync(session, item.Id));
        await new CaseNotices(parties, item, redaction, (await EvidenceRows.FindAsync(session, item.Id))?.CustomerHash).PostAsync(session, step.Events, now);
        return item;
    }

    private static async Task EraseAsync(StoreSession session, ConductCase item, DateTimeOffset now)
    {
        const string gone = "erased";
        await EvidenceRows.EraseAsync(session, item.Id);
        await CaseRows.EraseEventsAsync(session, item.Id);
        var erased = item with
        {
            ErasedAt = now,
            Events = item.Events + 1,
            Urgency = item.Urgency is null ? null : gone,
            Statement = item.Statement is { } told ? told with { Facts = gone } : null,
            Decision = item.Decision is { } made ? made with { Statement = made.Statement with { Facts = gone } } : null,
            Appeal = item.Appeal is { } appeal ? appeal with { Text = gone, Reason = appeal.Reason is null ? null : gone } : null,
        };
        await CaseRows.InsertAsync(session, item.Id, [new CaseEvent(erased.Events, now, CaseActor.Automation, CaseEventKind.Erased, "The texts were erased; the hashes stay.")]);
        await CaseRows.WriteAsync(session, erased, 0);
        await AuditLog.WriteAsync(session, now, CaseActor.Automation.Name, "case.erase", item.Id, $"{item.Account.Party} from {item.Account.Owner}");
    }
}
