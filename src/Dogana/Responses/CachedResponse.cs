namespace Dogana.Responses;

/// <summary>An answer in a project's response cache.</summary>
/// <param name="Project">The project; nobody else is answered from it.</param>
/// <param name="KeyHash">The hash of all that decided the answer: a call with the same is equal.</param>
/// <param name="CreatedAt">When it was kept.</param>
/// <param name="ExpiresAt">From when on it answers nobody.</param>
/// <param name="Tokens">How many tokens the call used that brought it, of prompt and answer together; above 0. So many are metered each time it is given again.</param>
/// <param name="IsEstimated">Were they counted here, the upstream having said nothing that could be believed?</param>
/// <param name="Answer">The answer, encrypted.</param>
public sealed record CachedResponse(string Project, string KeyHash, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, long Tokens, bool IsEstimated, byte[] Answer);
