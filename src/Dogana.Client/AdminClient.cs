using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Dogana.Client;

/// <summary>The admin API of a Dogana server, typed. Every method throws <see cref="DoganaException"/> when the server says no.</summary>
/// <param name="http">A client whose base address is the server's.</param>
/// <param name="adminKey">An admin key; null where the transport itself is trusted (a store opened by a verb).</param>
public sealed partial class AdminClient(HttpClient http, string? adminKey) : IDisposable
{
    private const string Base = "/admin/v1";

    /// <summary>Applies a world file, or says what applying it would change.</summary>
    public async Task<ApplyResult> ApplyAsync(string yaml, string fileName, bool dryRun, CancellationToken cancellation = default)
    {
        using var content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        return await SendAsync<ApplyResult>(HttpMethod.Post, "/apply" + Query(("dry_run", Flag(dryRun)), ("file", fileName)), content, cancellation);
    }

    /// <summary>Makes a key.</summary>
    public Task<NewKeyRecord> CreateKeyAsync(NewKeyRequest request, CancellationToken cancellation = default) =>
        PostAsync<NewKeyRecord>("/keys", request, cancellation);

    /// <summary>All keys, oldest first.</summary>
    public Task<IReadOnlyList<KeyRecord>> ListKeysAsync(CancellationToken cancellation = default) => GetAsync<IReadOnlyList<KeyRecord>>("/keys", cancellation);

    /// <summary>A key.</summary>
    public Task<KeyRecord> GetKeyAsync(string id, CancellationToken cancellation = default) => GetAsync<KeyRecord>($"/keys/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Changes a key.</summary>
    public Task<KeyRecord> UpdateKeyAsync(string id, UpdateKeyRequest request, CancellationToken cancellation = default) =>
        PostAsync<KeyRecord>($"/keys/{Uri.EscapeDataString(id)}/update", request, cancellation);

    /// <summary>Makes a key's successor; the old one goes on for the overlap, a day when it is null.</summary>
    public Task<NewKeyRecord> RotateKeyAsync(string id, TimeSpan? overlap = null, CancellationToken cancellation = default) =>
        PostAsync<NewKeyRecord>($"/keys/{Uri.EscapeDataString(id)}/rotate", new RotateKeyRequest(overlap?.Ticks / TimeSpan.TicksPerSecond), cancellation);

    /// <summary>Revokes a key.</summary>
    public Task<KeyRecord> RevokeKeyAsync(string id, string? reason = null, CancellationToken cancellation = default) =>
        PostAsync<KeyRecord>($"/keys/{Uri.EscapeDataString(id)}/revoke", reason is null ? null : new RevokeKeyRequest(reason), cancellation);

    /// <summary>All upstreams.</summary>
    public Task<IReadOnlyList<UpstreamRecord>> ListUpstreamsAsync(CancellationToken cancellation = default) => GetAsync<IReadOnlyList<UpstreamRecord>>("/upstreams", cancellation);

    /// <summary>Adds a key to an upstream; the server keeps it encrypted.</summary>
    public Task<UpstreamKeyRecord> AddUpstreamKeyAsync(string upstream, NewUpstreamKeyRequest request, CancellationToken cancellation = default) =>
        PostAsync<UpstreamKeyRecord>($"/upstreams/{Uri.EscapeDataString(upstream)}/keys", request, cancellation);

    /// <summary>An upstream's keys, in the order in which they are tried.</summary>
    public Task<IReadOnlyList<UpstreamKeyRecord>> ListUpstreamKeysAsync(string upstream, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<UpstreamKeyRecord>>($"/upstreams/{Uri.EscapeDataString(upstream)}/keys", cancellation);

    /// <summary>Removes a key from an upstream.</summary>
    public Task<UpstreamKeyRecord> RemoveUpstreamKeyAsync(string upstream, string key, CancellationToken cancellation = default) =>
        SendAsync<UpstreamKeyRecord>(HttpMethod.Delete, $"/upstreams/{Uri.EscapeDataString(upstream)}/keys/{Uri.EscapeDataString(key)}", null, cancellation);

    /// <summary>A page of the models; those of an owner, in a state (<c>active</c>, <c>deprecated</c>, <c>retired</c>) where these are given.</summary>
    public Task<Page<ModelRecord>> ListModelsAsync(string? owner = null, string? state = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<ModelRecord>>("/models" + Query(("owner", owner), ("state", state), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A model.</summary>
    public Task<ModelRecord> GetModelAsync(string id, CancellationToken cancellation = default) => GetAsync<ModelRecord>($"/models/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>All organisations.</summary>
    public Task<IReadOnlyList<OrganisationRecord>> ListOrganisationsAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<OrganisationRecord>>("/organisations", cancellation);

    /// <summary>All projects.</summary>
    public Task<IReadOnlyList<ProjectRecord>> ListProjectsAsync(CancellationToken cancellation = default) => GetAllAsync<ProjectRecord>("/projects", cancellation);

    /// <summary>Moves a project to another channel.</summary>
    public Task<ProjectRecord> MoveProjectAsync(string project, MoveRequest request, CancellationToken cancellation = default) =>
        PostAsync<ProjectRecord>($"/projects/{Uri.EscapeDataString(project)}/moves", request, cancellation);

    /// <summary>Takes back a move that lies in the future.</summary>
    public Task<ProjectRecord> CancelMoveAsync(string project, DateTimeOffset at, CancellationToken cancellation = default) =>
        SendAsync<ProjectRecord>(HttpMethod.Delete, $"/projects/{Uri.EscapeDataString(project)}/moves/{Instant(at)}", null, cancellation);

    /// <summary>Would a call be served, and why? <paramref name="model"/> is a model or a deployment; the project's channel and now are taken where they are left out.</summary>
    public Task<AdmissionExplanation> ExplainAsync(
        string project, string model, string? channel = null, string? endCustomer = null, string? country = null, DateTimeOffset? at = null, CancellationToken cancellation = default) =>
        GetAsync<AdmissionExplanation>(
            "/admission/explain" + Query(("project", project), ("model", model), ("channel", channel), ("end_customer", endCustomer), ("country", country), ("at", at is { } instant ? Unescaped(instant) : null)),
            cancellation);

    /// <summary>A party's family by a model owner's rule or a rule of its own, at an instant (text as in a world file; now when null).</summary>
    public Task<FamilyRecord> GetFamilyAsync(
        string party, string? owner = null, string? rule = null, string? at = null, bool why = false, CancellationToken cancellation = default) =>
        GetAsync<FamilyRecord>(
            $"/organisations/{Uri.EscapeDataString(party)}/family" + Query(("owner", owner), ("rule", rule), ("at", at), ("why", why ? Flag(true) : null)), cancellation);

    /// <summary>The statements of ownership after an id.</summary>
    public Task<Page<OwnershipStatementRecord>> ListOwnershipAsync(string after = "", int limit = 1_000, CancellationToken cancellation = default) =>
        GetAsync<Page<OwnershipStatementRecord>>("/ownership" + PageQuery(after, limit), cancellation);

    /// <summary>The rules of control after an id.</summary>
    public Task<Page<ControlRuleRecord>> ListControlRulesAsync(string after = "", int limit = 1_000, CancellationToken cancellation = default) =>
        GetAsync<Page<ControlRuleRecord>>("/control-rules" + PageQuery(after, limit), cancellation);

    /// <summary>Takes in a file of statements about ownership: <paramref name="format"/> is <c>bods</c>, <c>gleif</c> or <c>gleif-names</c>.</summary>
    public async Task<OwnershipImportReport> ImportOwnershipAsync(string format, Stream file, bool dryRun, CancellationToken cancellation = default)
    {
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(format == "bods" ? "application/json" : "text/csv");
        return await SendAsync<OwnershipImportReport>(
            HttpMethod.Post, "/ownership/import" + Query(("format", format), ("dry_run", Flag(dryRun))), content, cancellation);
    }

    /// <summary>Suspends a family from an owner's models.</summary>
    public Task<MeasureRecord> SuspendAsync(SuspendRequest request, CancellationToken cancellation = default) =>
        PostAsync<MeasureRecord>("/measures", request, cancellation);

    /// <summary>The measures, whatever became of them, of more than 1,000 the last to begin; those against an organisation, of an owner, in a state where these are given.</summary>
    public Task<IReadOnlyList<MeasureRecord>> ListMeasuresAsync(
        string? organisation = null, string? owner = null, string? state = null, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<MeasureRecord>>("/measures" + Query(("organisation", organisation), ("owner", owner), ("state", state)), cancellation);

    /// <summary>Proposes a measure.</summary>
    public Task<MeasureRecord> ProposeMeasureAsync(ProposeMeasureRequest request, CancellationToken cancellation = default) =>
        PostAsync<MeasureRecord>("/measures/propose", request, cancellation);

    /// <summary>Approves a measure that somebody else proposed.</summary>
    public Task<MeasureRecord> ApproveMeasureAsync(string id, CancellationToken cancellation = default) =>
        PostAsync<MeasureRecord>($"/measures/{Uri.EscapeDataString(id)}/approve", null, cancellation);

    /// <summary>Rejects a proposed measure.</summary>
    public Task<MeasureRecord> RejectMeasureAsync(string id, CancellationToken cancellation = default) =>
        PostAsync<MeasureRecord>($"/measures/{Uri.EscapeDataString(id)}/reject", null, cancellation);

    /// <summary>A measure with its members, channels and decisions.</summary>
    public Task<MeasureDetail> GetMeasureAsync(string id, CancellationToken cancellation = default) =>
        GetAsync<MeasureDetail>($"/measures/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Lifts a measure; a termination needs the reason.</summary>
    public Task<MeasureRecord> LiftAsync(string id, string? reason = null, CancellationToken cancellation = default) =>
        PostAsync<MeasureRecord>($"/measures/{Uri.EscapeDataString(id)}/lift", reason is null ? null : new LiftMeasureRequest(reason), cancellation);

    /// <summary>Releases a member that left the family.</summary>
    public Task<MeasureMemberRecord> ReleaseMemberAsync(string id, ReleaseMemberRequest request, CancellationToken cancellation = default) =>
        PostAsync<MeasureMemberRecord>($"/measures/{Uri.EscapeDataString(id)}/release", request, cancellation);

    /// <summary>Records what the seller of a channel decided about a measure.</summary>
    public Task<MeasureDecisionRecord> DecideMeasureAsync(string id, DecideMeasureRequest request, CancellationToken cancellation = default) =>
        PostAsync<MeasureDecisionRecord>($"/measures/{Uri.EscapeDataString(id)}/decide", request, cancellation);

    /// <summary>How an organisation stands with every model owner.</summary>
    public Task<StandingRecord> GetStandingAsync(string organisation, CancellationToken cancellation = default) =>
        GetAsync<StandingRecord>($"/standing/{Uri.EscapeDataString(organisation)}", cancellation);

    /// <summary>Usage records after a number, at most 1,000: those with a tag (<c>name=value</c>), of a project, of a key where these are given.</summary>
    public Task<IReadOnlyList<UsageLine>> ListUsageAsync(
        long after = 0, int limit = 1_000, string? tag = null, string? project = null, string? key = null, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<UsageLine>>(
            "/usage" + Query(("after", Text(after)), ("limit", Text(limit)), ("tag", tag), ("project", project), ("key", key)), cancellation);

    /// <summary>Rated lines after a number, at most 1,000.</summary>
    public Task<IReadOnlyList<RatedLineRecord>> ListRatedLinesAsync(long after = 0, int limit = 1_000, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<RatedLineRecord>>("/rated-lines" + PageQuery(Text(after), limit), cancellation);

    /// <summary>The final invoices.</summary>
    public Task<IReadOnlyList<InvoiceSummary>> ListInvoicesAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<InvoiceSummary>>("/invoices", cancellation);

    /// <summary>An invoice.</summary>
    public Task<InvoiceDocument> GetInvoiceAsync(string number, CancellationToken cancellation = default) =>
        GetAsync<InvoiceDocument>($"/invoices/{Uri.EscapeDataString(number)}", cancellation);

    /// <summary>The final partner statements.</summary>
    public Task<IReadOnlyList<StatementSummary>> ListStatementsAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<StatementSummary>>("/statements", cancellation);

    /// <summary>A partner statement.</summary>
    public Task<StatementDocument> GetStatementAsync(string number, CancellationToken cancellation = default) =>
        GetAsync<StatementDocument>($"/statements/{Uri.EscapeDataString(number)}", cancellation);

    /// <summary>A document as the server renders it: <paramref name="kind"/> is <c>invoices</c> or <c>statements</c>, <paramref name="format"/> <c>json</c> or <c>html</c>.</summary>
    public async Task<string> GetDocumentAsync(string kind, string number, string format, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/{kind}/{Uri.EscapeDataString(number)}" + Query(("format", format)), null, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>A final document's bytes in a form: <c>json</c>, <c>html</c>, <c>pdf</c> or <c>ubl</c>.</summary>
    public async Task<byte[]> GetDocumentBytesAsync(string kind, string number, string format, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/{kind}/{Uri.EscapeDataString(number)}" + Query(("format", format)), null, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>The ledger's balances.</summary>
    public Task<IReadOnlyList<LedgerBalance>> ListBalancesAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<LedgerBalance>>("/ledger/balances", cancellation);

    /// <summary>Verifies the books from the first record to the last document.</summary>
    public Task<BooksVerificationReport> VerifyAsync(CancellationToken cancellation = default) =>
        PostAsync<BooksVerificationReport>("/ledger/verify", null, cancellation);

    /// <summary>The notice targets after an id.</summary>
    public Task<Page<NoticeTargetRecord>> ListNoticeTargetsAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<NoticeTargetRecord>>("/notice-targets" + PageQuery(after, limit), cancellation);

    /// <summary>Gives a webhook a new signing secret.</summary>
    public Task<NoticeSecretRecord> NewNoticeSecretAsync(string target, CancellationToken cancellation = default) =>
        PostAsync<NoticeSecretRecord>($"/notice-targets/{Uri.EscapeDataString(target)}/secret", null, cancellation);

    /// <summary>Sends a test to a notice target.</summary>
    public Task<NoticeTestRecord> TestNoticeTargetAsync(string target, CancellationToken cancellation = default) =>
        PostAsync<NoticeTestRecord>($"/notice-targets/{Uri.EscapeDataString(target)}/test", null, cancellation);

    /// <summary>Sends to a notice target again, or no more.</summary>
    public Task<NoticeTargetRecord> EnableNoticeTargetAsync(string target, bool enable, CancellationToken cancellation = default) =>
        PostAsync<NoticeTargetRecord>($"/notice-targets/{Uri.EscapeDataString(target)}/{(enable ? "enable" : "disable")}", null, cancellation);

    /// <summary>What became of the notices, newest first; <paramref name="state"/> is <c>pending</c>, <c>delivered</c>, <c>dead</c> or null for all.</summary>
    public Task<Page<NoticeDeliveryRecord>> ListNoticeDeliveriesAsync(string? state = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<NoticeDeliveryRecord>>("/notice-deliveries" + Query(("state", state), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>Sends a delivery again.</summary>
    public Task<NoticeDeliveryRecord> RetryNoticeAsync(string id, CancellationToken cancellation = default) =>
        PostAsync<NoticeDeliveryRecord>($"/notice-deliveries/{Uri.EscapeDataString(id)}/retry", null, cancellation);

    /// <summary>Sends everything that is dead again.</summary>
    public Task<NoticeRetryRecord> RetryDeadNoticesAsync(CancellationToken cancellation = default) =>
        PostAsync<NoticeRetryRecord>("/notice-deliveries/retry-dead", null, cancellation);

    /// <summary>Gives a delivery up.</summary>
    public Task<NoticeDeliveryRecord> DismissNoticeAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<NoticeDeliveryRecord>(HttpMethod.Delete, $"/notice-deliveries/{Uri.EscapeDataString(id)}", null, cancellation);

    /// <summary>A page of the markets and market rules.</summary>
    public Task<Page<MarketRuleRecord>> ListMarketRulesAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<MarketRuleRecord>>("/market-rules" + PageQuery(after, limit), cancellation);

    /// <summary>A page of the terms.</summary>
    public Task<Page<TermsRecord>> ListTermsAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<TermsRecord>>("/terms" + PageQuery(after, limit), cancellation);

    /// <summary>Terms with their versions and exceptions.</summary>
    public Task<TermsRecord> GetTermsAsync(string id, CancellationToken cancellation = default) => GetAsync<TermsRecord>($"/terms/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Records that an organisation accepts terms.</summary>
    public Task<AcceptanceRecord> AcceptTermsAsync(string id, AcceptTermsRequest request, CancellationToken cancellation = default) =>
        PostAsync<AcceptanceRecord>($"/terms/{Uri.EscapeDataString(id)}/acceptances", request, cancellation);

    /// <summary>A page of the acceptances of terms.</summary>
    public Task<Page<AcceptanceRecord>> ListAcceptancesAsync(string id, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<AcceptanceRecord>>($"/terms/{Uri.EscapeDataString(id)}/acceptances" + PageQuery(after, limit), cancellation);

    /// <summary>A page of the quotas, all or those of an organisation, model or region.</summary>
    public Task<Page<QuotaRecord>> ListQuotasAsync(
        string? organisation = null, string? model = null, string? region = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<QuotaRecord>>("/quotas" + Query(("organisation", organisation), ("model", model), ("region", region), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A quota and how its limits stand.</summary>
    public Task<QuotaDetail> GetQuotaAsync(string id, CancellationToken cancellation = default) => GetAsync<QuotaDetail>($"/quotas/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Adds a quota or changes it.</summary>
    public Task<QuotaRecord> SetQuotaAsync(string id, SetQuotaRequest request, CancellationToken cancellation = default) =>
        PostAsync<QuotaRecord>($"/quotas/{Uri.EscapeDataString(id)}", request, cancellation);

    /// <summary>Keeps a part of a quota for a deployment, or takes it back.</summary>
    public Task<QuotaRecord> AllotQuotaAsync(string id, AllotQuotaRequest request, CancellationToken cancellation = default) =>
        PostAsync<QuotaRecord>($"/quotas/{Uri.EscapeDataString(id)}/allotments", request, cancellation);

    /// <summary>Which limits a call would count against, and what it would be told now.</summary>
    public Task<LimitExplanation> ExplainLimitsAsync(string project, string deployment, long? tokens = null, string? key = null, CancellationToken cancellation = default) =>
        GetAsync<LimitExplanation>(
            "/limits/explain" + Query(("project", project), ("deployment", deployment), ("tokens", tokens is { } count ? Text(count) : null), ("key", key)), cancellation);

    /// <summary>A page of what limits refused or would have, newest first.</summary>
    public Task<Page<RefusalRecord>> ListRefusalsAsync(
        string? call = null, string? project = null, string? by = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<RefusalRecord>>("/limits/refusals" + Query(("call", call), ("project", project), ("by", by), ("after", after), ("limit", Text(limit))), cancellation);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, null, cancellation);

    // A list of several pages, whole; the path has no query.
    private async Task<IReadOnlyList<T>> GetAllAsync<T>(string path, CancellationToken cancellation)
    {
        var all = new List<T>();
        string? next = null;
        do
        {
            var page = await GetAsync<Page<T>>(path + Query(("after", next)), cancellation);
            all.AddRange(page.Data);
            next = page.Next;
        }
        while (next is not null);
        return all;
    }

    /// <summary>The provisioned deployments, in pages.</summary>
    public Task<Page<CapacityRecord>> ListCapacityAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<CapacityRecord>>("/capacity" + PageQuery(after, limit), cancellation);

    /// <summary>A provisioned deployment, and how much of it is in use now.</summary>
    public Task<CapacityRecord> GetCapacityAsync(string deployment, CancellationToken cancellation = default) =>
        GetAsync<CapacityRecord>($"/capacity/{Uri.EscapeDataString(deployment)}", cancellation);

    /// <summary>What calls used of it, for each minute in which some were accepted; the last hour where no time is given.</summary>
    public Task<Page<CapacityMinute>> ListCapacityMinutesAsync(
        string deployment, DateTimeOffset? from = null, DateTimeOffset? to = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<CapacityMinute>>(
            $"/capacity/{Uri.EscapeDataString(deployment)}/minutes" + Query(
                ("from", from is { } start ? Unescaped(start) : null), ("to", to is { } end ? Unescaped(end) : null), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>How many units calls of one kind need.</summary>
    public Task<CapacitySizing> SizeCapacityAsync(
        string model, long requestsPerMinute, long inputTokens, long outputTokens, decimal cachedShare = 0, CancellationToken cancellation = default) =>
        GetAsync<CapacitySizing>(
            "/capacity-sizing" + Query(
                ("model", model), ("requests_per_minute", Text(requestsPerMinute)), ("input_tokens", Text(inputTokens)), ("output_tokens", Text(outputTokens)),
                ("cached_share", cachedShare.ToString(CultureInfo.InvariantCulture))), cancellation);

    /// <summary>The reservations, past and future ones too, in pages.</summary>
    public Task<Page<ReservationRecord>> ListReservationsAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<ReservationRecord>>("/reservations" + PageQuery(after, limit), cancellation);

    private static string Query(params ReadOnlySpan<(string Name, string? Value)> values)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in values)
        {
            if (value is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }

    private static string PageQuery(string? after, int limit) => Query(("after", after), ("limit", Text(limit)));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Flag(bool value) => value ? "true" : "false";

    private static string Instant(DateTimeOffset at) => Uri.EscapeDataString(Unescaped(at));

    private static string Unescaped(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFZ", CultureInfo.InvariantCulture);

    private async Task<T> PostAsync<T>(string path, object? body, CancellationToken cancellation)
    {
        using var content = body is null ? null : JsonContent.Create(body, body.GetType(), options: DoganaJson.Options);
        return await SendAsync<T>(HttpMethod.Post, path, content, cancellation);
    }

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var response = await SendAsync(method, path, content, cancellation);
        return await response.Content.ReadFromJsonAsync<T>(DoganaJson.Options, cancellation)
            ?? throw new DoganaException((int)response.StatusCode, null, $"{method} {path} answered with null.", "null");
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, CancellationToken cancellation, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using var request = new HttpRequestMessage(method, Base + path) { Content = content };
        if (adminKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
        }

        var response = await http.SendAsync(request, completion, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellation);
            var (code, message) = Explain(body);
            throw new DoganaException((int)response.StatusCode, code, message ?? $"{method} {path} answered with status {(int)response.StatusCode}.", body);
        }
    }

    private static (string? Code, string? Message) Explain(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = document.RootElement.GetProperty("error");
            return (error.GetProperty("code").GetString(), error.GetProperty("message").GetString());
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return (null, null);
        }
    }
}
