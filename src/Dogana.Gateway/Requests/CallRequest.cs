using System.Text.Json;
using Dogana.Catalog;

namespace Dogana.Gateway.Requests;

/// <summary>What the gateway needs to know of a body. The body itself stays bytes; fields that Dogana does not know stay in it.</summary>
internal sealed record CallRequest
{
    public required Operation Operation { get; init; }

    /// <summary>The body, whole and checked: valid UTF-8, valid JSON, an object whose names stand once, nested at most 64 levels deep. Of a form, its fields as such an object.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Where each top-level value stands in <see cref="Body"/>.</summary>
    public required IReadOnlyDictionary<string, Range> Fields { get; init; }

    /// <summary>What <c>model</c> says, if it is there.</summary>
    public string? Model { get; init; }

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    /// <summary>The caller's own output limit per choice in tokens, if any.</summary>
    public long? MaxOutputTokens { get; init; }

    /// <summary>The tier that the call asks for; null where it leaves that to its project.</summary>
    public ServiceTier? Tier { get; init; }

    /// <summary>How many answers are generated, and charged.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How many of them are shown: fewer where <c>best_of</c> chooses.</summary>
    public int ShownChoices { get; init; } = 1;

    /// <summary>The response that this call goes on from, of those that its project keeps; null for none.</summary>
    public string? PreviousResponse { get; init; }

    /// <summary>May its response be kept? So it may where the call does not say otherwise, as OpenAI has it.</summary>
    public bool Stores { get; init; } = true;

    /// <summary>The body as the client sent it, where a conversation was put before its input; empty where <see cref="Body"/> is that.</summary>
    public ReadOnlyMemory<byte> BodyAsCame { get; init; }

    /// <summary>What it says of images or sound; null where it is about text alone.</summary>
    public MediaFacts? Media { get; init; }

    /// <summary>Parses one top-level value; the caller disposes of it. Null when it is absent or JSON null.</summary>
    public JsonDocument? Parse(string field)
    {
        if (!Fields.TryGetValue(field, out var range))
        {
            return null;
        }

        var document = JsonDocument.Parse(Body[range], new JsonDocumentOptions { MaxDepth = BodyFields.DepthMax });
        if (document.RootElement.ValueKind != JsonValueKind.Null)
        {
            return document;
        }

        document.Dispose();
        return null;
    }
}
