using Dogana.Gateway.Pipeline;

namespace Dogana.Gateway.Caching;

/// <summary>What is asked of a project's response cache for one call.</summary>
/// <param name="Project">The project.</param>
/// <param name="KeyHash">The call's key.</param>
/// <param name="Time">For how long the project's answers stand.</param>
/// <param name="Directives">What the request lets the cache do.</param>
/// <param name="IsStream">Does the answer come in pieces?</param>
/// <param name="Deployment">What is called.</param>
/// <param name="Price">By which prices an answer is charged for so many tokens; null where they have none.</param>
internal sealed record CacheQuery(string Project, string KeyHash, TimeSpan Time, CacheDirectives Directives, bool IsStream, string Deployment, Func<long, CallPrice?> Price)
{
    /// <summary>How old an answer may be.</summary>
    public TimeSpan AgeMax => Directives.AgeMax < Time ? Directives.AgeMax.Value : Time;
}
