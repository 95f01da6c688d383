using Dogana.Audit;
using Dogana.Storage;

namespace Dogana.Server.Hosting;

/// <summary>Where a server keeps its things.</summary>
internal sealed record ServerSettings
{
    /// <summary>The data folder: the journal, and the store unless <see cref="Postgres"/> is set.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Connection string of a PostgreSQL store, or null for SQLite in the data folder.</summary>
    public string? Postgres { get; init; }

    /// <summary>The file of the master key; null for the data folder's own.</summary>
    public string? MasterKeyFile { get; init; }

    /// <summary>A GGUF file in the place of the embedded default, or null.</summary>
    public string? ModelFile { get; init; }

    /// <summary>Does this process serve models? A verb that only works on a store does not.</summary>
    public bool ServesModels { get; init; } = true;

    /// <summary>Who works on the store where no admin key says it: the actor of a verb without a server.</summary>
    public string Operator { get; init; } = Actor.Operator;

    /// <summary>What becomes of a store of an older program: nobody upgrades one by asking it something.</summary>
    public StoreUpgrade Upgrade { get; init; } = StoreUpgrade.Refuse;

    /// <summary>Makes the store, which must be new, a demo store whose clock starts here; null for every real one.</summary>
    public DateTimeOffset? DemoStart { get; init; }

    /// <summary>How long open calls may go on after SIGTERM.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long calls are still taken after SIGTERM, while <c>/healthz/ready</c> answers 503: until whoever sends calls has looked.</summary>
    public TimeSpan LeaveTime { get; init; } = TimeSpan.Zero;
}
