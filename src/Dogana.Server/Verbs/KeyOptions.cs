using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary>What a key can be given, when it is made and later.</summary>
internal sealed class KeyOptions
{
    public Option<string?> Owner { get; } = new("--owner") { Description = "Who answers for it: a person, a team, a program." };

    public Option<string[]> Models { get; } = new("--model") { Description = "A deployment that it may call; again for more. All when left out." };

    public Option<string[]> Dialects { get; } = new("--dialect") { Description = "A dialect that it may speak: openai, azure or anthropic; again for more." };

    public Option<string[]> Countries { get; } = new("--country") { Description = "A country that its calls may come from, by the file of countries; again for more." };

    public Option<string[]> Addresses { get; } = new("--address") { Description = "An address or block that its calls may come from, such as 10.0.0.0/8; again for more." };

    public Option<string[]> Tags { get; } = new("--tag") { Description = "What its calls are marked with, name=value; again for more, at most 10." };

    public Option<int?> Days { get; } = new("--days") { Description = "The key ends by itself after so many days." };

    public IEnumerable<Option> All => [Owner, Models, Dialects, Countries, Addresses, Tags, Days];

    /// <summary>The values of an option, or null where it was not given.</summary>
    public static IReadOnlyList<string>? List(ParseResult parsed, Option<string[]> option) => parsed.GetValue(option) is { Length: > 0 } values ? values : null;

    public DateTimeOffset? ExpiresAt(ParseResult parsed) => parsed.GetValue(Days) is { } count ? TimeProvider.System.GetUtcNow().AddDays(count) : null;
}
