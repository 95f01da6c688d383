using Dogana.Audit;
using Dogana.Client;
using Dogana.Parties;
using Dogana.DataRetention;
using Dogana.Storage;

namespace Dogana.Erasures;

/// <summary>Erases the texts and the personal data of an organisation or a project, and says what must stay. Money stays: nothing that a document, the ledger or a usage record says is touched.</summary>
public static class Erasure
{
    // What no module erases, and why; said in each report, so that whoever asked can be answered.
    private static readonly ErasureLine[] Stays =
    [
        new("invoices, credit notes, statements, payments", 0, "records of account: tax and commercial law ask for them for up to 10 years, and their hashes prove each other"),
        new("ledger and rated lines", 0, "the same: entries are chained, and none can be taken out without breaking all that follow"),
        new("usage records (counts, times, keys' ids, tags)", 0, "what documents are computed from; they hold no text of a call"),
        new("audit log", 0, "who changed what must stay answerable; its rows are leaves of a tree, and prove each other"),
        new("organisation, projects, contracts (names, addresses)", 0, "parties of the documents that stay"),
        new("evidence of conduct cases", 0, "legal claims; erased by the case's own time (retention_days of the owner's setting)"),
        new("backups", 0, "they hold what was there when they were made: let those that are older than this erasure end by their own time"),
    ];

    /// <summary>Erases in one transaction; a dry run does all of it and takes it back.</summary>
    /// <param name="store">The store.</param>
    /// <param name="erasables">What modules erase.</param>
    /// <param name="request">Whose data: an organisation's or a project's, one of both.</param>
    /// <param name="actor">Who erases.</param>
    /// <param name="now">Now.</param>
    /// <param name="cancellation">Gives up; then nothing happened.</param>
    public static async Task<Outcome<ErasureReport>> RunAsync(
        Store store, IEnumerable<IErasable> erasables, ErasureRequest request, string actor, DateTimeOffset now, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(erasables);
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await store.WriteAsync(session => EraseAsync(session, erasables, request, actor, now), cancellation);
        }
        catch (TakenBackException dry)
        {
            return dry.Report;
        }
        catch (ProblemException refused)
        {
            return refused.Problem;
        }
    }

    private static async Task<ErasureReport> EraseAsync(StoreSession session, IEnumerable<IErasable> erasables, ErasureRequest request, string actor, DateTimeOffset now)
    {
        var scope = ScopeOf(await PartyRegister.ReadAsync(session), request).TryGet(out var found, out var problem) ? found : throw new ProblemException(problem);
        var lines = new List<ErasedData>();
        foreach (var erasable in erasables)
        {
            lines.AddRange(await erasable.EraseAsync(session, scope));
        }

        ErasureLine[] erased = [.. lines.Where(static line => line.Because is null).Select(static line => new ErasureLine(line.What, line.Count, null))];
        ErasureLine[] stays = [.. lines.Where(static line => line.Because is not null).Select(static line => new ErasureLine(line.What, line.Count, line.Because)), .. Stays];
        var subject = scope.Organisation ?? scope.Projects[0];
        var report = new ErasureReport(request.Organisation, request.Project, request.DryRun, erased, stays);
        if (request.DryRun)
        {
            throw new TakenBackException(report);
        }

        await AuditLog.WriteAsync(session, now, actor, "data.erase", subject, string.Join("; ", erased.Where(static line => line.Count > 0).Select(static line => FormattableString.Invariant($"{line.Count} {line.What}"))));
        session.ChangesConfiguration(); // nodes hold parties and keys
        return report;
    }

    private static Outcome<ErasureScope> ScopeOf(PartyTable parties, ErasureRequest request) => request switch
    {
        { Organisation: { } organisation, Project: null } => parties.Organisations.ContainsKey(organisation)
            ? new ErasureScope(organisation, [.. parties.Projects.Values.Where(project => project.Organisation == organisation).Select(static project => project.Id)])
            : new Problem(ProblemCode.NotFound, $"There is no organisation '{organisation}'. 'dogana org list' shows them.", "organisation"),
        { Organisation: null, Project: { } project } => parties.Projects.ContainsKey(project)
            ? new ErasureScope(null, [project])
            : new Problem(ProblemCode.NotFound, $"There is no project '{project}'. 'dogana project list' shows them.", "project"),
        _ => new Problem(ProblemCode.InvalidRequest, "Say whose data is erased: an organisation's or a project's, one of both.", "organisation"),
    };

    private sealed class TakenBackException(ErasureReport report) : Exception
    {
        public ErasureReport Report { get; } = report;
    }
}
