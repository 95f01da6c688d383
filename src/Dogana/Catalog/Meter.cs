using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Dogana.Catalog;

/// <summary>
/// What is counted. Of a call: the kinds do not overlap, a token is counted by one meter. Beside these there are meters of one's own
/// (<see cref="MeterDefinition"/>). Stored by name; equal by name; ordered as they stand here, those of one's own behind them by name.
/// </summary>
[JsonConverter(typeof(MeterJson))]
#pragma warning disable CA1036, MA0097 // meters are put in order, never asked which of two is less
public sealed partial record Meter : IComparable<Meter>
#pragma warning restore CA1036, MA0097
{
    /// <summary>The most characters of a name.</summary>
    public const int NameLengthMax = 63;

    /// <summary>With what the names of meters of images of a size begin: no meter of one's own does.</summary>
    public const string ImagesPrefix = "generated_images_";

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    private readonly int _hash;
    private readonly int _place;

    private Meter(string name, int place, Meter? pricedAs = null) => (Name, _place, _hash, PricedAs) = (name, place, StringComparer.Ordinal.GetHashCode(name), pricedAs);

    /// <summary>Prompt tokens that no cache served and that were not written to one.</summary>
    public static Meter InputTokens { get; } = new("input_tokens", 1);

    /// <summary>Prompt tokens that the upstream's cache served.</summary>
    public static Meter CachedInputTokens { get; } = new("cached_input_tokens", 2, InputTokens);

    /// <summary>Generated tokens, reasoning included.</summary>
    public static Meter OutputTokens { get; } = new("output_tokens", 3);

    /// <summary>Minutes in which a provisioned unit was kept, used or not.</summary>
    public static Meter ProvisionedUnitMinutes { get; } = new("provisioned_unit_minutes", 4);

    /// <summary>Minutes of units that were reserved for a month or a year, used or not. Priced for a type of deployment, not for a model.</summary>
    public static Meter ReservedUnitMinutes { get; } = new("reserved_unit_minutes", 5);

    /// <summary>Prompt tokens that the upstream wrote to its cache; they were not in it.</summary>
    public static Meter CacheWriteTokens { get; } = new("cache_write_tokens", 6, InputTokens);

    /// <summary>Tokens, of prompt and answer together, of answers that a project's own response cache gave again: no model worked for them.</summary>
    public static Meter ResponseCacheTokens { get; } = new("response_cache_tokens", 7);

    /// <summary>Images that were made. Those of a size, or of a size and quality, have meters of their own (<see cref="Images"/>).</summary>
    public static Meter GeneratedImages { get; } = new("generated_images", 8);

    /// <summary>Seconds of speech that was written down; each recording's last one counts whole.</summary>
    public static Meter TranscribedSeconds { get; } = new("transcribed_seconds", 9);

    /// <summary>Characters (Unicode code points) of text that was read aloud.</summary>
    public static Meter SpeechCharacters { get; } = new("speech_characters", 10);

    /// <summary>Prompt tokens that stand for sound, where the model is charged for by the token.</summary>
    public static Meter AudioInputTokens { get; } = new("audio_input_tokens", 11, InputTokens);

    /// <summary>The meters that Dogana counts itself. A name that stood here once stays: it may be in a store.</summary>
    public static IReadOnlyList<Meter> BuiltIn { get; } =
    [
        InputTokens, CachedInputTokens, OutputTokens, ProvisionedUnitMinutes, ReservedUnitMinutes, CacheWriteTokens, ResponseCacheTokens, GeneratedImages, TranscribedSeconds, SpeechCharacters,
        AudioInputTokens,
    ];

    /// <summary>As in files, stores and documents: <c>input_tokens</c>.</summary>
    public string Name { get; }

    /// <summary>Is it one that Dogana counts itself?</summary>
    public bool IsBuiltIn => _place > 0;

    /// <summary>The meter whose price counts where this one has none: cached input costs what input costs, an image of a size and quality what one of the size costs. Null for none.</summary>
    public Meter? PricedAs { get; }

    /// <summary>Does it count images, of any size and quality?</summary>
    public bool IsOfImages => _place == GeneratedImages._place;

    /// <summary>The meter under which all of its kind are added up: <c>generated_images</c> for images of any size and quality, else itself.</summary>
    public Meter Family => IsOfImages ? GeneratedImages : this;

    /// <summary>The size that an image's meter names, as <c>1024x1792</c>; null where it names none.</summary>
    public string? ImageSize => IsOfImages && Name.Length > ImagesPrefix.Length ? Name[ImagesPrefix.Length..].Split('_')[0] : null;

    /// <summary>What a model's calls are counted by where they are not charged by the token; null for models that always are.</summary>
    public static Meter? UnitOf(ModelKind kind) => kind switch
    {
        ModelKind.Image => GeneratedImages,
        ModelKind.Transcription => TranscribedSeconds,
        ModelKind.Speech => SpeechCharacters,
        _ => null,
    };

    /// <summary>The meter of images of a size and quality: <c>generated_images_1024x1792_hd</c>. Of what is not known, or is no size or quality that has a meter, as much as there is.</summary>
    /// <param name="size">Width and height in pixels, as <c>1024x1792</c>; null where it is not known.</param>
    /// <param name="quality">One of <c>standard</c>, <c>hd</c>, <c>low</c>, <c>medium</c>, <c>high</c>; null where it is not known.</param>
    public static Meter Images(string? size, string? quality) =>
        size is null ? GeneratedImages : FindImages($"{ImagesPrefix}{size}_{quality}") ?? FindImages(ImagesPrefix + size) ?? GeneratedImages;

    /// <summary>The meter with this name, built in or of one's own; null when it is no name of a meter: small letters, digits and '_', a letter first.</summary>
    public static Meter? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var meter in BuiltIn)
        {
            if (meter.Name == name)
            {
                return meter;
            }
        }

        if (name.StartsWith(ImagesPrefix, StringComparison.Ordinal))
        {
            return FindImages(name);
        }

        return name.Length is 0 or > NameLengthMax || !char.IsAsciiLetterLower(name[0])
            || name.AsSpan().ContainsAnyExcept(NameCharacters) ? null : new Meter(name, 0);
    }

    /// <inheritdoc/>
    public bool Equals(Meter? other) => ReferenceEquals(this, other) || (other is not null && _hash == other._hash && Name == other.Name);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(Meter? other) => other is null ? 1
        : _place != other._place ? (IsBuiltIn ? _place : int.MaxValue).CompareTo(other.IsBuiltIn ? other._place : int.MaxValue)
        : string.CompareOrdinal(Name, other.Name);

    private static Meter? FindImages(string name) => ImagesName().Match(name) is not { Success: true } match ? null
        : new Meter(name, GeneratedImages._place, match.Groups["quality"].Success ? FindImages(name[..match.Groups["quality"].Index]) : GeneratedImages);

    [GeneratedRegex("^generated_images_[1-9][0-9]{0,4}x[1-9][0-9]{0,4}(?<quality>_(standard|hd|low|medium|high))?\\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex ImagesName();

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}

/// <summary>A meter in JSON: its name.</summary>
internal sealed class MeterJson : JsonConverter<Meter>
{
    public override Meter Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Meter.Find(reader.GetString()!) is { } meter ? meter : throw new JsonException("This is no name of a meter.");

    public override void Write(Utf8JsonWriter writer, Meter value, JsonSerializerOptions options) => writer.WriteStringValue(value.Name);
}

/// <summary>The meters' names in files, stores and documents.</summary>
public static class MeterNames
{
    /// <summary>The name, such as <c>input_tokens</c>.</summary>
    public static string ToName(this Meter meter)
    {
        ArgumentNullException.ThrowIfNull(meter);
        return meter.Name;
    }

    /// <summary>The meter with this name, or null when it is no name of a meter.</summary>
    public static Meter? Find(string name) => Meter.Find(name);
}
