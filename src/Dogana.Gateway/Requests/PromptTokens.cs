using System.Text.Json;
using Dogana.Catalog;
using Dogana.Metering;

namespace Dogana.Gateway.Requests;

/// <summary>Counts a prompt before it is sent: for the hold, for limits, and for who asks what a prompt would count.</summary>
internal static class PromptTokens
{
    // Counting a body of megabytes would cost more than what a tighter bound is worth.
    private const int CountedBytesMax = 4 * 1024 * 1024;

    // What a provider may write around the text of a call of images or sound.
    private const long WordingTokens = 64;

    // More than any context: a file may fill what there is.
    private const long FileTokens = 1_000_000_000;

    /// <summary>
    /// An upper bound: by the model's tokenizer where it is known, else a token for each byte; pictures by the most that one can count; and never more than
    /// the model can read at once.
    /// </summary>
    public static long Count(CallRequest request, Model model) => Math.Min(Total(request, model), model.ContextTokens);

    private static long Total(CallRequest request, Model model)
    {
        if (model.Tokenizer == TokenizerKind.Bytes || request.Body.Length > CountedBytesMax)
        {
            return request.Body.Length + Pictures(request);
        }

        var counter = TokenCounter.For(model.Tokenizer);
        return request.Operation switch
        {
            Operation.ChatCompletions => CountChat(request, counter),
            Operation.Embeddings or Operation.Completions => CountTexts(request, request.Operation == Operation.Embeddings ? "input" : "prompt", counter),
            Operation.ImageGenerations or Operation.Transcriptions => CountTexts(request, "prompt", counter) + WordingTokens,
            Operation.Speech => CountTexts(request, "input", counter) + CountTexts(request, "instructions", counter) + WordingTokens,
            _ => counter.Count(request.Body.Span) + Pictures(request), // the JSON around the text makes up for what a provider writes around it
        };
    }

    private static long CountChat(CallRequest request, TokenCounter counter)
    {
        long tokens = 0;
        foreach (var field in (ReadOnlySpan<string>)["messages", "tools", "functions", "response_format"])
        {
            using var value = request.Parse(field);
            tokens += value is null ? 0 : field == "messages" ? ChatTokens.Count(counter, value.RootElement) : ChatTokens.CountDefinitions(counter, value.RootElement);
        }

        return tokens;
    }

    private static long CountTexts(CallRequest request, string field, TokenCounter counter)
    {
        using var value = request.Parse(field);
        return value is null ? 0 : Count(value.RootElement);

        long Count(JsonElement element) => element.ValueKind switch
        {
            JsonValueKind.String => counter.Count(element.GetString()),
            JsonValueKind.Array => element.EnumerateArray().Sum(Count),
            _ => 1, // a token given by its number
        };
    }

    // What is named by its address counts by its content, which is not known here.
    private static long Pictures(CallRequest request)
    {
        if (request.Operation is Operation.Embeddings or Operation.Completions || request.Operation.IsMedia() || request.Body.Span.IndexOf("url"u8) < 0)
        {
            return 0;
        }

        var tokens = 0L;
        var reader = new Utf8JsonReader(request.Body.Span, new JsonReaderOptions { MaxDepth = BodyFields.DepthMax });
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isPicture = reader.ValueTextEquals("url"u8) || reader.ValueTextEquals("image_url"u8);
            var isFile = reader.ValueTextEquals("file_url"u8) || reader.ValueTextEquals("video_url"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && (isPicture || isFile) && !reader.ValueSpan.StartsWith("data:"u8))
            {
                tokens += isFile ? FileTokens : ChatTokens.ImageTokens;
            }
        }

        return tokens;
    }
}
