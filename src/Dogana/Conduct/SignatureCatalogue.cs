using System.Text.Json;
using System.Text.Json.Serialization;
using Dogana.Conduct.Signals;

namespace Dogana.Conduct;

/// <summary>
/// What is looked for: concepts with their phrases, and signatures made of them. Data with a version, which operators share without any customer's text. Immutable.
/// </summary>
public sealed class SignatureCatalogue
{
    /// <summary>The form of the document that is imported and exported.</summary>
    public const string Format = "dogana-conduct-indicators/1";

    private const int SignaturesMax = 64;
    private const int PhrasesMax = 20_000;
    private const int FingerprintsMax = 100_000;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static readonly Lazy<SignatureCatalogue> ShippedOne = new(static () => Import(ShippedFiles.Text("signatures.json")).Value);

    private SignatureCatalogue(string version, IReadOnlyDictionary<string, IReadOnlyList<string>> concepts, IReadOnlyList<Signature> signatures)
    {
        (Version, Concepts, Signatures) = (version, concepts, signatures);
        Matcher = new Lazy<SignatureMatcher>(() => new SignatureMatcher(this));
    }

    /// <summary>The catalogue that this version ships.</summary>
    public static SignatureCatalogue Shipped => ShippedOne.Value;

    /// <summary>The catalogue's version.</summary>
    public string Version { get; }

    /// <summary>Concepts and their phrases.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Concepts { get; }

    /// <summary>All signatures.</summary>
    public IReadOnlyList<Signature> Signatures { get; }

    internal Lazy<SignatureMatcher> Matcher { get; }

    /// <summary>Reads a document of indicators.</summary>
    /// <param name="json">The document.</param>
    public static Outcome<SignatureCatalogue> Import(string json)
    {
        Document? document;
        try
        {
            document = JsonSerializer.Deserialize<Document>(json, Json);
        }
        catch (JsonException fault)
        {
            return Wrong($"The document cannot be read: {fault.Message}");
        }

        return document is null || document.Format != Format ? Wrong($"The document's format is not {Format}; write it in that form.")
            : Check(document) is { } fault2 ? Wrong(fault2)
            : new SignatureCatalogue(document.Version, document.Concepts, document.Signatures);
    }

    /// <summary>Writes the document that <see cref="Import"/> reads.</summary>
    public string Export() => JsonSerializer.Serialize(new Document(Format, Version, Concepts, Signatures), Json);

    /// <summary>This catalogue together with another one, whose concepts and signatures stand where both have one of a name.</summary>
    /// <param name="other">The other one.</param>
    public Outcome<SignatureCatalogue> With(SignatureCatalogue other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var concepts = new Dictionary<string, IReadOnlyList<string>>(Concepts, StringComparer.Ordinal);
        foreach (var (name, phrases) in other.Concepts)
        {
            concepts[name] = phrases;
        }

        var document = new Document(
            Format, $"{Version}+{other.Version}", concepts, [.. Signatures.Where(mine => other.Signatures.All(theirs => theirs.Id != mine.Id)), .. other.Signatures]);
        return Check(document) is { } fault ? Wrong(fault) : new SignatureCatalogue(document.Version, document.Concepts, document.Signatures);
    }

    /// <summary>This catalogue without the signatures of some families: to measure how the rest does without them.</summary>
    /// <param name="isLeftOut">Which families are left out.</param>
    public SignatureCatalogue Without(Func<string, bool> isLeftOut) => new(Version, Concepts, [.. Signatures.Where(signature => !isLeftOut(signature.Family))]);

    private static Problem Wrong(string message) => new(ProblemCode.InvalidRequest, message, "indicators");

    private static string? Check(Document document)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        if (document.Signatures.Count > SignaturesMax || document.Concepts.Sum(static concept => concept.Value.Count) > PhrasesMax || document.Signatures.Sum(static item => item.Fingerprints.Count) > FingerprintsMax)
        {
            return $"At most {SignaturesMax} signatures, {PhrasesMax} phrases and {FingerprintsMax} fingerprints; split the document or leave some out.";
        }

        foreach (var (name, phrases) in document.Concepts)
        {
            if (phrases.FirstOrDefault(static phrase => phrase.Length is 0 or > 120 || phrase.Split(' ').Length > PhraseIndex.WordsMax) is { } phrase)
            {
                return $"The phrase '{phrase}' of the concept '{name}' has not 1 to {PhraseIndex.WordsMax} words and at most 120 characters; shorten it.";
            }
        }

        foreach (var signature in document.Signatures)
        {
            var at = $"The signature '{signature.Id}'";
            var fault =
                signature.Id.Length is 0 or > 64 || !ids.Add(signature.Id) ? "has no id of at most 64 characters of its own"
                : signature.Distinct is < 1 or > DistinctItems.Kept ? $"needs {signature.Distinct} distinct items; write 1 to {DistinctItems.Kept}"
                : signature.Span is < 1 or > 100_000 ? "has a span outside of 1 to 100000 words"
                : signature.Statement.Length is 0 or > 300 || signature.Innocent.Length is 0 or > 300 ? "needs a statement and an innocent explanation of at most 300 characters each"
                : signature.All.Concat(signature.None).FirstOrDefault(name => !document.Concepts.ContainsKey(name)) is { } unknown ? $"names the concept '{unknown}', which the document does not have"
                : signature.Traits.FirstOrDefault(static name => !Signals.Traits.Named.ContainsKey(name)) is { } layout ? $"names the layout '{layout}'; there are {string.Join(", ", Signals.Traits.Named.Keys)}"
                : signature.Fingerprints.FirstOrDefault(static item => item.Length != 16 || !item.All(char.IsAsciiHexDigit)) is { } hex ? $"has the fingerprint '{hex}', which is not 16 hexadecimal digits"
                : (signature.Benchmark is null ? 0 : 1) + (signature.Fingerprints.Count == 0 ? 0 : 1) + (signature.All.Count == 0 && (signature.Traits.Count == 0 || signature.Benchmark is not null || signature.Fingerprints.Count > 0) ? 0 : 1) != 1 ? "must name one of all, benchmark and fingerprints, or traits alone"
                : null;
            if (fault is not null)
            {
                return $"{at} {fault}.";
            }
        }

        return null;
    }

    private sealed record Document(string Format, string Version, IReadOnlyDictionary<string, IReadOnlyList<string>> Concepts, IReadOnlyList<Signature> Signatures);
}
