using System.Net.Http.Json;

namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>What is kept for how long.</summary>
    public Task<IReadOnlyList<RetentionRuleRecord>> ListRetentionRulesAsync(CancellationToken cancellation = default) => GetAllAsync<RetentionRuleRecord>("/retention", cancellation);

    /// <summary>Sets for how many days something is kept.</summary>
    public async Task<RetentionRuleRecord> SetRetentionRuleAsync(string name, long days, CancellationToken cancellation = default)
    {
        using var content = JsonContent.Create(new RetentionRequest(days), options: DoganaJson.Options);
        return await SendAsync<RetentionRuleRecord>(HttpMethod.Put, $"/retention/{Uri.EscapeDataString(name)}", content, cancellation);
    }

    /// <summary>Erases texts and personal data, or says what would be erased.</summary>
    public Task<ErasureReport> EraseAsync(ErasureRequest request, CancellationToken cancellation = default) => PostAsync<ErasureReport>("/erasures", request, cancellation);
}
