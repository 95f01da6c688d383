namespace Dogana.Catalog;

/// <summary>How soon a call is served where an upstream is the bottleneck. Stored by name; on the wire <c>default</c> is <see cref="Standard"/>, <c>flex</c> is <see cref="Batch"/>.</summary>
public enum ServiceTier
{
    /// <summary>In its turn.</summary>
    Standard = 0,

    /// <summary>When nobody else waits.</summary>
    Batch = 1,

    /// <summary>Before the others.</summary>
    Priority = 2,
}
