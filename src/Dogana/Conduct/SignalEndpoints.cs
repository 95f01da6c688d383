using Dogana.Audit;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Conduct.Cases;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Conduct;

/// <summary>Signals and questions in the admin API.</summary>
public static class SignalEndpoints
{
    // Tenants' lists are filtered after they are read, page by page.
    internal const int BatchRows = 1_000;

    /// <summary>Maps <c>/signals</c> and <c>/questions</c>.</summary>
    public static RouteGroupBuilder MapSignals(this RouteGroupBuilder admin)
    {
        admin.MapGet("/signals", ListAsync).Produces<Page<SignalRecord>>().WithSummary("The signals in pages; ?state chooses").Needs(Permission.CaseRead);
        admin.MapPost("/signals", ReportAsync).Produces<SignalRecord>().WithSummary("Brings a finding from outside; the same one within its window updates the signal that is there").Needs(Permission.CaseWrite);
        admin.MapGet("/signals/{id}", ShowAsync).Produces<SignalRecord>().WithSummary("A signal").Needs(Permission.CaseRead);
        admin.MapPost("/signals/{id}/dismiss", DismissAsync).Produces<SignalRecord>().WithSummary("Dismisses a signal that is in no case").Needs(Permission.CaseWrite);
        admin.MapGet("/questions", ListQuestionsAsync).Produces<Page<QuestionRecord>>().WithSummary("What customers were asked, and what they said, in pages").NeedsInReach(Permission.CaseRead);
        admin.MapPost("/questions/{id}/answer", AnswerAsync).Produces<QuestionRecord>().WithSummary("Says what models are used for").NeedsInReach(Permission.CaseAnswer);
        return admin;
    }

    private static async Task<IResult> ListAsync(Store store, string? state, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        if (state is not null && EnumWords.Find<SignalState>(state) is null)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no state '{state}'. The states are {string.Join(", ", Enum.GetValues<SignalState>().Select(EnumWords.Of))}.", "state").ToHttp();
        }

        var found = await store.ReadAsync(session => ConductSignals.ListAsync(session, EnumWords.Find<SignalState>(state), after ?? "", rows + 1), cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Id, CaseView.ToRecord));
    }

    private static async Task<IResult> ShowAsync(Store store, string id, CancellationToken cancellation) =>
        Answer(await store.ReadAsync(session => ConductSignals.FindAsync(session, id), cancellation));

    private static async Task<IResult> ReportAsync(Store store, TimeProvider time, HttpContext http, ReportSignalRequest request, CancellationToken cancellation)
    {
        if (EnumWords.Find<Detector>(request.Detector) is not { } detector)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no detector '{request.Detector}'. Write one of {string.Join(", ", Enum.GetValues<Detector>().Select(EnumWords.Of))}.", "detector").ToHttp();
        }

        if (EnumWords.Find<FindingStrength>(request.Strength) is not { } strength)
        {
            return new Problem(ProblemCode.InvalidRequest, $"There is no strength '{request.Strength}'. Write weak or strong.", "strength").ToHttp();
        }

        var finding = new ConductFinding(
            new ConductAccount(request.Organisation, request.Owner, request.EndCustomer), detector, request.Signature, request.Version, strength, Measures.Stored(request.FirstAt.ToUniversalTime()),
            Measures.Stored(request.LastAt.ToUniversalTime()), request.Requests, request.OfRequests, request.DistinctItems, request.Statement, request.Innocent)
        {
            CallIds = request.CallIds ?? [],
            Linked = request.Linked ?? [],
            LinkingFact = request.LinkingFact,
        };
        return Answer(await store.WriteAsync(session => ConductSignals.RecordAsync(session, finding, time.GetUtcNow(), ConductSignal.ByReport, http.GetActor()), cancellation));
    }

    private static async Task<IResult> DismissAsync(Store store, TimeProvider time, HttpContext http, string id, CaseReasonRequest request, CancellationToken cancellation) =>
        Answer(await store.WriteAsync(session => ConductSignals.DismissAsync(session, id, request.Reason, http.GetActor(), time.GetUtcNow()), cancellation));

    private static async Task<IResult> ListQuestionsAsync(Store store, TimeProvider time, HttpContext http, int? limit, string? after, CancellationToken cancellation)
    {
        if (!PageLimit.Of(limit, otherwise: 100).TryGet(out var rows, out var problem))
        {
            return problem.ToHttp();
        }

        var found = await store.ReadAsync(
            async session =>
            {
                var view = await CaseView.ReadAsync(session, http.GetReach(), time.GetUtcNow());
                return await FilteredAsync(last => UseQuestions.ListAsync(session, last, BatchRows), item => view.IsCustomer(item.Account), static item => item.Id, after, rows + 1);
            },
            cancellation);
        return Results.Json(Paging.Of(found, rows, static item => item.Id, CaseView.ToRecord));
    }

    private static async Task<IResult> AnswerAsync(Store store, TimeProvider time, HttpContext http, string id, AnswerQuestionRequest request, CancellationToken cancellation)
    {
        var (now, reach) = (time.GetUtcNow(), http.GetReach());
        var answered = await store.WriteAsync(
            async session => (await UseQuestions.FindAsync(session, id)).TryGet(out var question, out _) && !(await CaseView.ReadAsync(session, reach, now)).IsCustomer(question.Account)
                ? new Problem(ProblemCode.NotFound, $"No question has the id '{id}'.", "id")
                : await UseQuestions.AnswerAsync(session, id, request.Uses, request.Text, http.GetActor(), now),
            cancellation);
        return answered.TryGet(out var made, out var problem) ? Results.Json(CaseView.ToRecord(made)) : problem.ToHttp();
    }

    internal static async Task<IReadOnlyList<T>> FilteredAsync<T>(Func<string, Task<IReadOnlyList<T>>> read, Func<T, bool> isShown, Func<T, string> id, string? after, int count)
    {
        var (found, last) = (new List<T>(), after ?? "");
        while (found.Count < count && await read(last) is { Count: > 0 } batch)
        {
            found.AddRange(batch.Where(isShown));
            last = id(batch[^1]);
        }

        return found;
    }

    private static IResult Answer(Outcome<ConductSignal> outcome) => outcome.TryGet(out var signal, out var problem) ? Results.Json(CaseView.ToRecord(signal)) : problem.ToHttp();
}
