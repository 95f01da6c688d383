using System.Net;
using System.Text;
using System.Text.Json;

namespace Dogana.Bench.Faults;

/// <summary>Calls one deployment after the other, at random; leaves at random.</summary>
internal sealed class Caller(HttpClient http, Lives lives, Random random, List<CallSeen> seen)
{
    private const double LeavingShare = 0.2;
    private const int LongPromptBytes = 200_000;

    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(8);
    private static readonly string LongPrompt = string.Concat(Enumerable.Repeat("word ", LongPromptBytes / 5));

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var life = lives.Number;
            var call = await CallAsync();
            var outcome = lives.Number != life || !lives.IsUp ? call with { Outcome = call.Outcome == CallOutcome.Whole ? CallOutcome.Whole : CallOutcome.Killed } : call;
            seen.Add(outcome);
            await Task.Delay(outcome.Outcome == CallOutcome.Killed ? 200 : random.Next(40), CancellationToken.None);
        }
    }

    private async Task<CallSeen> CallAsync()
    {
        var deployment = FaultyDeployment.All[random.Next(FaultyDeployment.All.Count)];
        var isStream = random.Next(10) < 7;
        using var patience = new CancellationTokenSource(random.NextDouble() < LeavingShare ? TimeSpan.FromMilliseconds(random.Next(1, 400)) : PatienceMax);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Body(deployment.Name, isStream) };
        var (id, isBegun) = (Guid.Empty, false);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            id = answer.Headers.TryGetValues("x-request-id", out var ids) && Guid.TryParse(ids.First(), out var said) ? said : Guid.Empty;
            isBegun = answer.StatusCode == HttpStatusCode.OK;
            var body = await answer.Content.ReadAsByteArrayAsync(patience.Token);
            var (outcome, tokens) = !isBegun ? (CallOutcome.Failed, -1) : isStream ? Stream(body) : Whole(body);
            return new CallSeen(id, outcome, deployment.IsUsageUntrue ? -1 : tokens, isBegun);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return new CallSeen(id, CallOutcome.Left, -1, isBegun);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            return new CallSeen(id, CallOutcome.Broken, -1, isBegun);
        }
    }

    private StringContent Body(string deployment, bool isStream)
    {
        var prompt = random.Next(20) == 0 ? LongPrompt : "What is a usage record?";
        var options = isStream ? random.Next(2) == 0 ? ""","stream":true,"stream_options":{"include_usage":true}""" : ""","stream":true""" : "";
        return new StringContent($$"""{"model":"{{deployment}}"{{options}},"messages":[{"role":"user","content":"{{prompt}}"}]}""", Encoding.UTF8, "application/json");
    }

    // The length is stated, or the body is in chunks: a cut one has thrown by now.
    private static (CallOutcome, long) Whole(byte[] body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return (CallOutcome.Whole, Tokens(answer.RootElement) ?? -1);
        }
        catch (JsonException)
        {
            return (CallOutcome.Silent, -1);
        }
    }

    private static (CallOutcome, long) Stream(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body);
        if (!text.TrimEnd().EndsWith("data: [DONE]", StringComparison.Ordinal))
        {
            return (text.Contains("data: {\"error\"", StringComparison.Ordinal) ? CallOutcome.Broken : CallOutcome.Silent, -1);
        }

        var last = text.LastIndexOf("\"choices\":[],", StringComparison.Ordinal);
        if (last < 0)
        {
            return (CallOutcome.Whole, -1);
        }

        var start = text.LastIndexOf("data: ", last, StringComparison.Ordinal) + "data: ".Length;
        using var chunk = JsonDocument.Parse(text[start..text.IndexOf('\n', start)]);
        return (CallOutcome.Whole, Tokens(chunk.RootElement) ?? -1);
    }

    private static long? Tokens(JsonElement answer) => answer.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object
        && usage.TryGetProperty("prompt_tokens", out var input) && input.ValueKind == JsonValueKind.Number && input.TryGetInt64(out var prompt)
        && usage.TryGetProperty("completion_tokens", out var output) && output.ValueKind == JsonValueKind.Number && output.TryGetInt64(out var completion)
            ? prompt + completion
            : null;
}
