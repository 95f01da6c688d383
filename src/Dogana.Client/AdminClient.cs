using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Dogana.Client;

/// <summary>The admin API of a Dogana server, typed. Every method throws <see cref="DoganaException"/> when the server says no.</summary>
/// <param name="http">A client whose base address is the server's.</param>
/// <param name="adminKey">An admin key; null where the transport itself is trusted (a store opened by a verb).</param>
public sealed class AdminClient(HttpClient http, string? adminKey) : IDisposable
{
    private const string Base = "/admin/v1";

    /// <summary>Applies a world file, or says what applying it would change.</summary>
    public async Task<ApplyResult> ApplyAsync(string yaml, string fileName, bool dryRun, CancellationToken cancellation = default)
    {
        using var content = new StringContent(yaml, Encoding.UTF8, "application/yaml");
        var query = $"?dry_run={(dryRun ? "true" : "false")}&file={Uri.EscapeDataString(fileName)}";
        return await SendAsync<ApplyResult>(HttpMethod.Post, "/apply" + query, content, cancellation);
    }

    /// <summary>Makes a key.</summary>
    public Task<NewKeyRecord> CreateKeyAsync(NewKeyRequest request, CancellationToken cancellation = default) =>
        PostAsync<NewKeyRecord>("/keys", request, cancellation);

    /// <summary>All keys, oldest first.</summary>
    public Task<IReadOnlyList<KeyRecord>> ListKeysAsync(CancellationToken cancellation = default) => GetAsync<IReadOnlyList<KeyRecord>>("/keys", cancellation);

    /// <summary>Revokes a key.</summary>
    public Task<KeyRecord> RevokeKeyAsync(string id, CancellationToken cancellation = default) =>
        PostAsync<KeyRecord>($"/keys/{Uri.EscapeDataString(id)}/revoke", null, cancellation);

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

    /// <summary>All organisations.</summary>
    public Task<IReadOnlyList<OrganisationRecord>> ListOrganisationsAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<OrganisationRecord>>("/organisations", cancellation);

    /// <summary>A party's family by a model owner's rule or a rule of its own, at an instant (text as in a world file; now when null).</summary>
    public Task<FamilyRecord> GetFamilyAsync(
        string party, string? owner = null, string? rule = null, string? at = null, bool why = false, CancellationToken cancellation = default)
    {
        var query = new[] { ("owner", owner), ("rule", rule), ("at", at), ("why", why ? "true" : null) }
            .Where(static item => item.Item2 is not null).Select(static item => $"{item.Item1}={Uri.EscapeDataString(item.Item2!)}");
        return GetAsync<FamilyRecord>($"/organisations/{Uri.EscapeDataString(party)}/family?{string.Join('&', query)}", cancellation);
    }

    /// <summary>The statements of ownership after an id.</summary>
    public Task<Page<OwnershipStatementRecord>> ListOwnershipAsync(string after = "", int limit = 1_000, CancellationToken cancellation = default) =>
        GetAsync<Page<OwnershipStatementRecord>>(string.Create(CultureInfo.InvariantCulture, $"/ownership?after={Uri.EscapeDataString(after)}&limit={limit}"), cancellation);

    /// <summary>The rules of control after an id.</summary>
    public Task<Page<ControlRuleRecord>> ListControlRulesAsync(string after = "", int limit = 1_000, CancellationToken cancellation = default) =>
        GetAsync<Page<ControlRuleRecord>>(string.Create(CultureInfo.InvariantCulture, $"/control-rules?after={Uri.EscapeDataString(after)}&limit={limit}"), cancellation);

    /// <summary>Takes in a file of statements about ownership: <paramref name="format"/> is <c>bods</c>, <c>gleif</c> or <c>gleif-names</c>.</summary>
    public async Task<OwnershipImportReport> ImportOwnershipAsync(string format, Stream file, bool dryRun, CancellationToken cancellation = default)
    {
        using var content = new StreamContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(format == "bods" ? "application/json" : "text/csv");
        return await SendAsync<OwnershipImportReport>(
            HttpMethod.Post, $"/ownership/import?format={Uri.EscapeDataString(format)}&dry_run={(dryRun ? "true" : "false")}", content, cancellation);
    }

    /// <summary>Suspends a family from an owner's models.</summary>
    public Task<MeasureRecord> SuspendAsync(SuspendRequest request, CancellationToken cancellation = default) =>
        PostAsync<MeasureRecord>("/measures", request, cancellation);

    /// <summary>All measures, the lifted ones too.</summary>
    public Task<IReadOnlyList<MeasureRecord>> ListMeasuresAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<MeasureRecord>>("/measures", cancellation);

    /// <summary>Lifts a measure.</summary>
    public Task<MeasureRecord> LiftAsync(string id, CancellationToken cancellation = default) =>
        PostAsync<MeasureRecord>($"/measures/{Uri.EscapeDataString(id)}/lift", null, cancellation);

    /// <summary>Usage records after a number, at most 1,000.</summary>
    public Task<IReadOnlyList<UsageLine>> ListUsageAsync(long after = 0, int limit = 1_000, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<UsageLine>>(string.Create(CultureInfo.InvariantCulture, $"/usage?after={after}&limit={limit}"), cancellation);

    /// <summary>Rated lines after a number, at most 1,000.</summary>
    public Task<IReadOnlyList<RatedLineRecord>> ListRatedLinesAsync(long after = 0, int limit = 1_000, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<RatedLineRecord>>(string.Create(CultureInfo.InvariantCulture, $"/rated-lines?after={after}&limit={limit}"), cancellation);

    /// <summary>Closes a month, given as <c>2026-01</c>: invoices and statements become final. Closing it again gives what is there.</summary>
    public Task<PeriodCloseResult> ClosePeriodAsync(string month, CancellationToken cancellation = default) =>
        PostAsync<PeriodCloseResult>($"/periods/{Uri.EscapeDataString(month)}/close", null, cancellation);

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
        using var response = await SendAsync(HttpMethod.Get, $"/{kind}/{Uri.EscapeDataString(number)}?format={format}", null, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>The ledger's balances.</summary>
    public Task<IReadOnlyList<LedgerBalance>> ListBalancesAsync(CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<LedgerBalance>>("/ledger/balances", cancellation);

    /// <summary>Verifies the books from the first record to the last document.</summary>
    public Task<BooksVerificationReport> VerifyAsync(CancellationToken cancellation = default) =>
        PostAsync<BooksVerificationReport>("/ledger/verify", null, cancellation);

    /// <summary>The newest audit rows.</summary>
    public Task<IReadOnlyList<AuditRecord>> ListAuditAsync(int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<AuditRecord>>(string.Create(CultureInfo.InvariantCulture, $"/audit?limit={limit}"), cancellation);

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private Task<T> GetAsync<T>(string path, CancellationToken cancellation) => SendAsync<T>(HttpMethod.Get, path, null, cancellation);

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

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, Base + path) { Content = content };
        if (adminKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", adminKey);
        }

        var response = await http.SendAsync(request, cancellation);
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
