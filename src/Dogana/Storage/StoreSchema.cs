namespace Dogana.Storage;

/// <summary>The schema of a store as others than the store see it: which steps ran, which would.</summary>
public static class StoreSchema
{
    /// <summary>The steps of this program, rising.</summary>
    public static IReadOnlyList<SchemaStep> Known { get; } = [.. SchemaSteps.All.Select(static script => script.Step)];

    /// <summary>How a store stands; it is not changed.</summary>
    public static Task<SchemaStanding> ReadAsync(Store store, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.ReadAsync(SchemaSteps.ReadAsync, cancellation);
    }

    /// <summary>The same, as a transaction sees it.</summary>
    public static Task<SchemaStanding> ReadAsync(StoreSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return SchemaSteps.ReadAsync(session);
    }

    /// <summary>Runs what is pending, each step in its own transaction.</summary>
    /// <exception cref="StoreVersionException">The store was upgraded by a newer program, or a step was edited after it ran.</exception>
    public static Task UpgradeAsync(Store store, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        return SchemaSteps.RunAsync(store, cancellation);
    }

    /// <summary>Gives an empty store the schema that exactly these steps make, in this transaction; each is one of this program's.</summary>
    public static Task CreateAsync(StoreSession session, IReadOnlyList<SchemaStep> steps)
    {
        ArgumentNullException.ThrowIfNull(session);
        return SchemaSteps.CreateAsync(session, steps);
    }
}
