namespace Dogana.Client;

public sealed partial class AdminClient
{
    /// <summary>A page of the budgets: all, or those of one organisation, project or key (its public id).</summary>
    public Task<Page<BudgetRecord>> ListBudgetsAsync(
        string? organisation = null, string? project = null, string? key = null, string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<BudgetRecord>>("/budgets" + Query(("organisation", organisation), ("project", project), ("key", key), ("after", after), ("limit", Text(limit))), cancellation);

    /// <summary>A budget with its alerts and top-ups.</summary>
    public Task<BudgetDetail> GetBudgetAsync(string id, CancellationToken cancellation = default) => GetAsync<BudgetDetail>($"/budgets/{Uri.EscapeDataString(id)}", cancellation);

    /// <summary>Adds a budget, or changes it.</summary>
    public async Task<BudgetDetail> SetBudgetAsync(string id, SetBudgetRequest request, CancellationToken cancellation = default)
    {
        using var content = System.Net.Http.Json.JsonContent.Create(request, options: DoganaJson.Options);
        return await SendAsync<BudgetDetail>(HttpMethod.Put, $"/budgets/{Uri.EscapeDataString(id)}", content, cancellation);
    }

    /// <summary>Adds to a prepaid budget.</summary>
    public Task<BudgetDetail> TopUpBudgetAsync(string id, TopUpBudgetRequest request, CancellationToken cancellation = default) =>
        PostAsync<BudgetDetail>($"/budgets/{Uri.EscapeDataString(id)}/top-ups", request, cancellation);

    /// <summary>Removes a budget and gives how it stood.</summary>
    public Task<BudgetDetail> RemoveBudgetAsync(string id, CancellationToken cancellation = default) =>
        SendAsync<BudgetDetail>(HttpMethod.Delete, $"/budgets/{Uri.EscapeDataString(id)}", null, cancellation);

    /// <summary>A page of the nodes.</summary>
    public Task<Page<NodeRecord>> ListNodesAsync(string? after = null, int limit = 100, CancellationToken cancellation = default) =>
        GetAsync<Page<NodeRecord>>("/nodes" + PageQuery(after, limit), cancellation);

    /// <summary>Gives a node up; what it held of money is charged.</summary>
    public Task<NodeRecord> ForgetNodeAsync(string name, bool force = false, CancellationToken cancellation = default) =>
        PostAsync<NodeRecord>($"/nodes/{Uri.EscapeDataString(name)}/forget", new ForgetNodeRequest(force), cancellation);
}
