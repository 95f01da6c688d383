using System.CommandLine;
using System.Globalization;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana response-cache</c>: what projects' response caches hold.</summary>
internal static class ResponseCacheVerbs
{
    public static Command Create()
    {
        var (shown, purged) = (Project(), Project());
        return AdminVerb.Noun(
            "response-cache", "The response caches of projects: how much they hold, never what is in them. A project has one by response_cache_seconds in the world file.",
            AdminVerb.Create(
                "show", "Shows how much a project's response cache holds.\n\nExample:\n  dogana response-cache show acme-shop", [shown],
                (client, parsed, cancellation) => client.GetResponseCacheAsync(parsed.GetValue(shown)!, cancellation),
                static (cache, output) =>
                {
                    var table = new TextTable("field", "value");
                    table.Add("project", cache.Project);
                    table.Add("answers stand for", cache.Seconds is { } seconds ? $"{Text(seconds)} s" : "- (no response cache)");
                    table.Add("answers", $"{Text(cache.Entries)} of {Text(cache.EntriesMax)}");
                    table.Add("bytes", $"{Text(cache.Bytes)} of {Text(cache.BytesMax)}");
                    table.Write(output);
                }),
            AdminVerb.Create(
                "purge", "Deletes all answers of a project's response cache: the next calls go to the model.\n\nExample:\n  dogana response-cache purge acme-shop", [purged],
                (client, parsed, cancellation) => client.PurgeResponseCacheAsync(parsed.GetValue(purged)!, cancellation),
                static (gone, output) => output.WriteLine($"Deleted of {gone.Project}: {Text(gone.Entries)} answers.")));
    }

    private static Argument<string> Project() => new("project") { Description = "Its id." };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
