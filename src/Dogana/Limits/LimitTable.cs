using Dogana.Catalog;
using Dogana.Parties;

namespace Dogana.Limits;

/// <summary>What decides which limits a call counts against.</summary>
/// <param name="Project">The project.</param>
/// <param name="Organisation">Its organisation.</param>
/// <param name="Key">The public id of the key.</param>
/// <param name="Deployment">What is called.</param>
/// <param name="Model">The model behind it.</param>
/// <param name="Currency">In which the call is priced.</param>
public sealed record LimitFacts(Project Project, Organisation Organisation, string Key, Deployment Deployment, Model Model, Currency Currency);

/// <summary>All declared limits at one moment, immutable.</summary>
public sealed class LimitTable(QuotaTable quotas, BudgetTable budgets)
{
    /// <summary>The quotas.</summary>
    public QuotaTable Quotas { get; } = quotas;

    /// <summary>The budgets.</summary>
    public BudgetTable Budgets { get; } = budgets;

    /// <summary>The limits that a call counts against, those first that are most often reached.</summary>
    public IReadOnlyList<Limit> Find(LimitFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var limits = new List<Limit>();
        if (ProvisionedCapacity.LimitOf(facts.Deployment, facts.Model) is { } capacity)
        {
            limits.Add(capacity);
        }

        AddOfDeployment(limits, facts);
        if (!facts.Deployment.IsProvisioned)
        {
            Quotas.Add(limits, facts); // of what is sold by the token
        }

        Budgets.Add(limits, facts);
        return limits;
    }

    // What the deployment allows each project.
    private static void AddOfDeployment(List<Limit> limits, LimitFacts facts)
    {
        var (deployment, project) = (facts.Deployment, facts.Project.Id);
        var mode = deployment.ObservesLimits ? LimitMode.Observe : LimitMode.Enforce;
        if (deployment.RequestsPerMinute is { } requests)
        {
            limits.Add(new Limit($"deployment/{deployment.Name}/{project}/requests", LimitUnit.Requests, Limit.Parts(requests), LimitPeriod.Minute, ProblemCode.RateLimited, $"'{deployment.Name}'") { Mode = mode });
        }

        if (deployment.TokensPerMinute is { } tokens)
        {
            limits.Add(new Limit($"deployment/{deployment.Name}/{project}/tokens", LimitUnit.Tokens, Limit.Parts(tokens), LimitPeriod.Minute, ProblemCode.RateLimited, $"'{deployment.Name}'") { Mode = mode });
        }
    }
}
