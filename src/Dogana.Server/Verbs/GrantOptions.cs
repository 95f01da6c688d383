using System.CommandLine;

namespace Dogana.Server.Verbs;

/// <summary>Over what a role holds, as options.</summary>
internal static class GrantOptions
{
    public static Option<string?> Organisation() => new("--organisation") { Description = "Over this organisation alone." };

    public static Option<string?> Channel() => new("--channel") { Description = "Over this channel alone." };

    public static string Scope(ParseResult parsed, Option<string?> organisation, Option<string?> channel) => (parsed.GetValue(organisation), parsed.GetValue(channel)) switch
    {
        ({ } id, null) => "organisation:" + id,
        (null, { } id) => "channel:" + id,
        (null, null) => "platform",
        _ => throw new Client.DoganaException(400, null, "Give --organisation or --channel, not both.", ""),
    };
}
