using System.Text.Json;
using Dogana.Filtering;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Filtering.Forms;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Pipeline;
using Dogana.Gateway.Requests;
using Microsoft.AspNetCore.Http;

namespace Dogana.Gateway.Filtering;

/// <summary>
/// OpenAI's <c>/moderations</c>, answered by the classifier of the content filter. Free, and nothing is sent anywhere. What the classifier does not look for is
/// false with a score of 0; pictures are refused by name.
/// </summary>
internal sealed class Moderations(TextJudge judge, Identification identification, OpenCalls openCalls, RefusalPace refusals, GatewayOptions options, TimeProvider time)
{
    private const int TextsMax = 64;
    private const string Model = "dogana-filter-1";

    // OpenAI's categories, and of which of the classifier's numbers they are: medium or worse.
    private static readonly (string Name, int? Score)[] Categories =
    [
        ("harassment", null), ("harassment/threatening", null), ("sexual", 4), ("hate", 1), ("hate/threatening", null), ("illicit", null), ("illicit/violent", null),
        ("self-harm/intent", null), ("self-harm/instructions", null), ("self-harm", 10), ("sexual/minors", null), ("violence", 7), ("violence/graphic", null),
    ];

    public async Task AnswerAsync(HttpContext http, Dialect dialect)
    {
        var callId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        dialect.NameCall(http, callId);
        var (answered, family) = await LookAsync(http, dialect);
        if (!answered.TryGet(out var scores, out var problem))
        {
            if (family is null || await refusals.HoldAsync(http, family))
            {
                await dialect.WriteErrorAsync(http.Response, problem, callId);
            }

            return;
        }

        var body = FilterJson.Write(writer => Write(writer, callId, scores));
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body);
    }

    private async Task<(Outcome<IReadOnlyList<float[]>> Scores, string? Family)> LookAsync(HttpContext http, Dialect dialect)
    {
        if (!(await identification.IdentifyAsync(http, dialect)).TryGet(out var identified, out var problem))
        {
            return (problem, null);
        }

        var family = identified.Snapshot.Admission.FamilyOf(identified.Caller.Organisation.Id);
        if (openCalls.Enter(family) is { } busy)
        {
            return (busy, family);
        }

        try
        {
            return !(await BodyReader.ReadAsync(http, options.BodyBytesMax)).TryGet(out var body, out problem) || !Read(body).TryGet(out var texts, out problem)
                ? (problem, family)
                : ((await judge.ScoreAsync(texts, http.RequestAborted)).ToArray(), family);
        }
        catch (ProblemException unavailable)
        {
            return (unavailable.Problem, family);
        }
        finally
        {
            openCalls.Leave(family);
        }
    }

    private static Outcome<IReadOnlyList<string>> Read(ReadOnlyMemory<byte> body)
    {
        // The body of an embeddings call has the same field and the same rules.
        if (!RequestReader.Read(body, Operation.Embeddings, 1).TryGet(out var request, out var problem))
        {
            return problem;
        }

        using var input = request.Parse("input");
        var root = input!.RootElement;
        var texts = new List<string>();
        foreach (var (position, item) in (root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().ToArray() : [root]).Index())
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                texts.Add(item.GetString()!);
            }
            else if (item.ValueKind == JsonValueKind.Object && item.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String)
            {
                texts.Add(text.GetString()!);
            }
            else
            {
                return FieldProblem.Value($"input[{position}]", "the classifier looks at text alone; send a string, or { \"type\": \"text\", \"text\": \"...\" }.");
            }
        }

        return texts.Count <= TextsMax ? texts : FieldProblem.Value("input", $"at most {TextsMax} texts.");
    }

    private static void Write(Utf8JsonWriter writer, string callId, IReadOnlyList<float[]> scores)
    {
        writer.WriteStartObject();
        writer.WriteString("id", $"modr-{callId}");
        writer.WriteString("model", Model);
        writer.WriteStartArray("results");
        foreach (var score in scores)
        {
            var severities = HarmClassifier.Severities(score);
            writer.WriteStartObject();
            writer.WriteBoolean("flagged", Categories.Any(category => IsIn(category.Score, severities)));
            writer.WriteStartObject("categories");
            foreach (var (name, at) in Categories)
            {
                writer.WriteBoolean(name, IsIn(at, severities));
            }

            writer.WriteEndObject();
            writer.WriteStartObject("category_scores");
            foreach (var (name, at) in Categories)
            {
                writer.WriteNumber(name, at is { } known ? score[known] : 0);
            }

            writer.WriteEndObject();
            writer.WriteStartObject("category_applied_input_types");
            foreach (var (name, at) in Categories)
            {
                writer.WriteStartArray(name);
                if (at is not null)
                {
                    writer.WriteStringValue("text");
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static bool IsIn(int? score, FilterSeverities severities) => score is { } known && severities.Of((FilterCategory)(known / 3 + 1)) >= FilterSeverity.Medium;
}
