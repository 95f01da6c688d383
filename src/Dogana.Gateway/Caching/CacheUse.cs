namespace Dogana.Gateway.Caching;

/// <summary>What a project's response cache did for a call.</summary>
/// <param name="Age">How long ago the answer was kept, where it came from there; null where an upstream answered.</param>
internal readonly record struct CacheUse(TimeSpan? Age)
{
    /// <summary>Tells it: <c>hit</c> or <c>miss</c>.</summary>
    public const string Header = "x-dogana-cache";
}
