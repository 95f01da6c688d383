namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>A page of the cases, by id; those in a state where one is given.</summary>
    public Task<Page<CaseRecord>> ListCasesAsync(string? state = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<CaseRecord>>("/cases" + Query(("state", state), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A case with all that belongs to it.</summary>
    public Task<CaseDetail> GetCaseAsync(string id, CancellationToken cancellation = default) => GetAsync<CaseDetail>($"/cases/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Its evidence page, as HTML; with <paramref name="forCustomer"/> as the customer reads it.</summary>
    public Task<string> GetCasePageAsync(string id, bool forCustomer = false, CancellationToken cancellation = default) =>
        GetTextAsync($"/cases/{Uri.EscapeDataString(id)}/page" + Query(("view", forCustomer ? "customer" : null)), cancellation);

    /// <summary>Its frozen evidence: canonical JSON whose SHA-256 is on record.</summary>
    public Task<string> GetCaseEvidenceAsync(string id, CancellationToken cancellation = default) => GetTextAsync($"/cases/{Uri.EscapeDataString(id)}/evidence", cancellation);

    /// <summary>Hashes the evidence again.</summary>
    public Task<CaseVerification> VerifyCaseAsync(string id, CancellationToken cancellation = default) => GetAsync<CaseVerification>($"/cases/{Uri.EscapeDataString(id)}/verify", cancellation);

    /// <summary>Puts a signal into triage.</summary>
    public Task<CaseRecord> TriageAsync(TriageRequest request, CancellationToken cancellation = default) => PostAsync<CaseRecord>("/cases", request, cancellation);

    /// <summary>Does a step of a case: <c>open</c>, <c>dismiss</c>, <c>throttle</c>, <c>hold</c>, <c>notice</c>, <c>answer</c>, <c>extend</c>, <c>withdraw</c>, <c>propose</c>, <c>approve</c>,
    /// <c>reject</c>, <c>appeal</c>, <c>decide-appeal</c>, <c>lift</c> or <c>close</c>.</summary>
    /// <param name="id">The case.</param>
    /// <param name="step">The step.</param>
    /// <param name="request">What the step needs; null for <c>approve</c> and <c>close</c>.</param>
    /// <param name="cancellation">Gives up.</param>
    public Task<CaseRecord> DoCaseAsync(string id, string step, object? request, CancellationToken cancellation = default) =>
        PostAsync<CaseRecord>($"/cases/{Uri.EscapeDataString(id)}/{step}", request, cancellation);

    /// <summary>A page of the signals, by id; those in a state where one is given.</summary>
    public Task<Page<SignalRecord>> ListSignalsAsync(string? state = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<SignalRecord>>("/signals" + Query(("state", state), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A signal.</summary>
    public Task<SignalRecord> GetSignalAsync(string id, CancellationToken cancellation = default) => GetAsync<SignalRecord>($"/signals/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Brings a finding from outside.</summary>
    public Task<SignalRecord> ReportSignalAsync(ReportSignalRequest request, CancellationToken cancellation = default) => PostAsync<SignalRecord>("/signals", request, cancellation);

    /// <summary>Dismisses a signal.</summary>
    public Task<SignalRecord> DismissSignalAsync(string id, string reason, CancellationToken cancellation = default) =>
        PostAsync<SignalRecord>($"/signals/{Uri.EscapeDataString(id)}/dismiss", new CaseReasonRequest(reason), cancellation);

    /// <summary>A page of the questions, by id.</summary>
    public Task<Page<QuestionRecord>> ListQuestionsAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<QuestionRecord>>("/questions" + PageQuery(after, limit), cancellation);

    /// <summary>Answers a question.</summary>
    public Task<QuestionRecord> AnswerQuestionAsync(string id, AnswerQuestionRequest request, CancellationToken cancellation = default) =>
        PostAsync<QuestionRecord>($"/questions/{Uri.EscapeDataString(id)}/answer", request, cancellation);
}
