using System.Text.Json.Nodes;

namespace FakeUpstream.Answers;

/// <summary>Where in a stream an event belongs: faults look for it.</summary>
internal enum EventPlace
{
    /// <summary>Before anything is said.</summary>
    Start,

    /// <summary>A piece of what is said.</summary>
    Piece,

    /// <summary>The end of what is said.</summary>
    Finish,

    /// <summary>After the end of what is said.</summary>
    Tail,
}

/// <summary>A server-sent event.</summary>
/// <param name="Place">Where it belongs.</param>
/// <param name="Name">Its <c>event</c> field; null: none.</param>
/// <param name="Data">Its <c>data</c>.</param>
internal sealed record ServerEvent(EventPlace Place, string? Name, Template Data)
{
    public static ServerEvent Of(EventPlace place, JsonNode json) => new(place, null, Template.Of(json));

    /// <summary>An event whose name is its <c>type</c>.</summary>
    public static ServerEvent Typed(EventPlace place, JsonObject json) => new(place, json["type"]!.GetValue<string>(), Template.Of(json));
}
