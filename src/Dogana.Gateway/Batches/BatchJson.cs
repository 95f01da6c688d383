using System.Globalization;
using System.Text.Json;
using Dogana.Batches;

namespace Dogana.Gateway.Batches;

/// <summary>Batches as OpenAI's API has them. Source: OpenAI's API reference, "The batch object". What is not so is left out: the document knows no nulls there.</summary>
internal static class BatchJson
{
    private const int MetadataPairsMax = 16;
    private const int MetadataKeyMax = 64;
    private const int MetadataValueMax = 512;

    /// <summary>What is asked for; fields that are not known are left alone (Azure's clients name a model).</summary>
    public static Outcome<BatchOrder> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return new Problem(ProblemCode.InvalidJson, "The body must be a JSON object.");
            }

            if (Text(root, "input_file_id") is not { Length: > 0 } file)
            {
                return new Problem(ProblemCode.InvalidRequest, "'input_file_id' must be the id of a file with purpose 'batch'.", "input_file_id");
            }

            if (LineEndpoint.Find(Text(root, "endpoint")) is null)
            {
                return new Problem(ProblemCode.InvalidRequest, $"'endpoint' must be one of {string.Join(", ", LineEndpoint.Paths)}.", "endpoint");
            }

            if (Text(root, "completion_window") != "24h")
            {
                return new Problem(ProblemCode.InvalidRequest, "'completion_window' must be '24h'.", "completion_window");
            }

            if (!Metadata(root).TryGet(out var metadata, out var problem) || !KeptFor(root).TryGet(out var kept, out problem))
            {
                return problem;
            }

            return new BatchOrder(file, Text(root, "endpoint")!, metadata, kept);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return new Problem(ProblemCode.InvalidJson, "We could not parse the JSON body of your request.");
        }
    }

    public static void Write(Utf8JsonWriter writer, Batch batch)
    {
        writer.WriteStartObject();
        writer.WriteString("id", batch.Id);
        writer.WriteString("object", "batch");
        writer.WriteString("endpoint", batch.Order.Endpoint);
        Text("model", batch.Model);
        if (batch.Faults.Count > 0)
        {
            WriteFaults(writer, batch.Faults);
        }

        writer.WriteString("input_file_id", batch.Order.InputFile);
        writer.WriteString("completion_window", "24h");
        writer.WriteString("status", EnumWords.Of(batch.Status));
        Text("output_file_id", batch.OutputFile);
        Text("error_file_id", batch.ErrorFile);
        At("created_at", batch.CreatedAt);
        At("in_progress_at", batch.InProgressAt);
        At("expires_at", batch.ExpiresAt);
        At("finalizing_at", batch.FinalizingAt);
        At("completed_at", batch.Status == BatchStatus.Completed ? batch.EndedAt : null);
        At("failed_at", batch.Status == BatchStatus.Failed ? batch.EndedAt : null);
        At("expired_at", batch.Status == BatchStatus.Expired ? batch.EndedAt : null);
        At("cancelling_at", batch.CancellingAt);
        At("cancelled_at", batch.Status == BatchStatus.Cancelled ? batch.EndedAt : null);
        writer.WriteStartObject("request_counts");
        writer.WriteNumber("total", batch.Total);
        writer.WriteNumber("completed", batch.Completed);
        writer.WriteNumber("failed", batch.Failed);
        writer.WriteEndObject();
        writer.WritePropertyName("metadata");
        writer.WriteRawValue(batch.Order.Metadata ?? "null");
        writer.WriteEndObject();

        void Text(string name, string? value)
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }

        void At(string name, DateTimeOffset? at)
        {
            if (at is { } known)
            {
                writer.WriteNumber(name, known.ToUnixTimeSeconds());
            }
        }
    }

    private static void WriteFaults(Utf8JsonWriter writer, IReadOnlyList<BatchFault> faults)
    {
        writer.WriteStartObject("errors");
        writer.WriteString("object", "list");
        writer.WriteStartArray("data");
        foreach (var fault in faults)
        {
            writer.WriteStartObject();
            writer.WriteString("code", fault.Code);
            writer.WriteString("message", fault.Message);
            writer.WriteString("param", fault.Param);
            writer.WritePropertyName("line");
            if (fault.Line is { } line)
            {
                writer.WriteNumberValue(line);
            }
            else
            {
                writer.WriteNullValue();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // Source: OpenAI's API reference, "metadata".
    private static Outcome<string?> Metadata(JsonElement root)
    {
        if (!root.TryGetProperty("metadata", out var metadata) || metadata.ValueKind == JsonValueKind.Null)
        {
            return (string?)null;
        }

        return metadata.ValueKind == JsonValueKind.Object && metadata.EnumerateObject().Count() <= MetadataPairsMax
            && metadata.EnumerateObject().All(static pair => pair.Name.Length is > 0 and <= MetadataKeyMax && pair.Value.ValueKind == JsonValueKind.String && pair.Value.GetString()!.Length <= MetadataValueMax)
            ? metadata.GetRawText()
            : new Problem(
                ProblemCode.InvalidRequest,
                string.Create(CultureInfo.InvariantCulture, $"'metadata' is an object of at most {MetadataPairsMax} texts of at most {MetadataValueMax} characters, with names of at most {MetadataKeyMax}."), "metadata");
    }

    private static Outcome<TimeSpan?> KeptFor(JsonElement root)
    {
        if (!root.TryGetProperty("output_expires_after", out var after) || after.ValueKind == JsonValueKind.Null)
        {
            return (TimeSpan?)null;
        }

        return after.ValueKind == JsonValueKind.Object && after.TryGetProperty("seconds", out var seconds) && seconds.ValueKind == JsonValueKind.Number && seconds.TryGetInt64(out var count)
            && Files.ExpiresAfter.Of(Text(after, "anchor"), count).TryGet(out var kept, out _)
            ? kept
            : Files.ExpiresAfter.Wrong("output_expires_after");
    }

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
