using System.Text.Json;

namespace Dogana.Metering;

/// <summary>A value in an event's data.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Kind">Text, number, true or false.</param>
/// <param name="Text">As it was written.</param>
public sealed record EventField(string Name, JsonValueKind Kind, string Text);

/// <summary>An outside event as it was sent (CloudEvents 1.0), read and not yet held against meters and parties.</summary>
/// <param name="Key">Its <c>source</c> and <c>id</c>: permanent.</param>
/// <param name="Hash">SHA-256 over all that counts of it, however it was spelt: two events of one key with different ones contradict each other.</param>
/// <param name="Type">Its <c>type</c>: which meter counts it.</param>
/// <param name="Project">Its <c>subject</c>; null where its data names an organisation and a channel.</param>
/// <param name="Time">Its <c>time</c>; null where it has none: when it came.</param>
/// <param name="Organisation">The customer, where there is no project.</param>
/// <param name="Channel">The channel, where there is no project.</param>
/// <param name="Model">The model that it is about, or null.</param>
/// <param name="Dimensions">What else it says, by name.</param>
/// <param name="Fields">All other keys of its data, by name.</param>
public sealed record UsageEvent(
    UsageKey Key, string Hash, string Type, string? Project, DateTimeOffset? Time, string? Organisation, string? Channel, string? Model,
    IReadOnlyList<KeyValuePair<string, string>> Dimensions, IReadOnlyList<EventField> Fields);

/// <summary>What became of an event.</summary>
/// <param name="Key">Its key; null where it has none that can be read.</param>
/// <param name="Result">What intake made of it.</param>
/// <param name="Problem">Why it was refused or contradicts; null otherwise.</param>
public sealed record EventOutcome(UsageKey? Key, IntakeResult Result, Problem? Problem);
