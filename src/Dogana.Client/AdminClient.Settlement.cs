namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>A statement as one of its two companies sees it: what it is owed is above zero. <paramref name="format"/> is <c>json</c> or <c>html</c>.</summary>
    public async Task<string> GetStatementViewAsync(string number, string party, string format = "json", CancellationToken cancellation = default)
    {
        using var response = await SendAsync(HttpMethod.Get, $"/statements/{Uri.EscapeDataString(number)}" + Query(("view", party), ("format", format)), null, cancellation);
        return await response.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>A page of the payments between partners.</summary>
    public Task<Page<SettlementPaymentRecord>> ListSettlementPaymentsAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<SettlementPaymentRecord>>("/settlement-payments" + PageQuery(after, limit), cancellation);

    /// <summary>Records a payment between partners; the same reference records once.</summary>
    public Task<SettlementPaymentRecord> PaySettlementAsync(SettlementPaymentRequest request, CancellationToken cancellation = default) =>
        PostAsync<SettlementPaymentRecord>("/settlement-payments", request, cancellation);

    /// <summary>What a channel's seller keeps of what it sold in a month, given as <c>2026-01</c>.</summary>
    public Task<IReadOnlyList<ChannelMarginRecord>> GetChannelMarginAsync(string channel, string month, CancellationToken cancellation = default) =>
        GetAsync<IReadOnlyList<ChannelMarginRecord>>($"/channels/{Uri.EscapeDataString(channel)}/margin" + Query(("month", month)), cancellation);

    /// <summary>Counts the closed hours of a channel and gives request bodies for its marketplace: <paramref name="format"/> is <c>aws</c> or <c>azure</c>.</summary>
    public Task<ChannelExportBatches> WriteChannelExportAsync(string channel, string format, string? from = null, string? to = null, CancellationToken cancellation = default) =>
        PostAsync<ChannelExportBatches>($"/channels/{Uri.EscapeDataString(channel)}/exports" + Query(("format", format), ("from", from), ("to", to)), null, cancellation);

    /// <summary>Keeps what the marketplace said of records.</summary>
    public Task<ChannelExportAcknowledged> AcknowledgeChannelExportAsync(string channel, ChannelExportAcknowledgement request, CancellationToken cancellation = default) =>
        PostAsync<ChannelExportAcknowledged>($"/channels/{Uri.EscapeDataString(channel)}/exports/acknowledgements", request, cancellation);

    /// <summary>A page of the hours that were counted for a marketplace.</summary>
    public Task<Page<ChannelExportRecord>> ListChannelExportsAsync(string channel, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<ChannelExportRecord>>($"/channels/{Uri.EscapeDataString(channel)}/exports" + PageQuery(after, limit), cancellation);
}
