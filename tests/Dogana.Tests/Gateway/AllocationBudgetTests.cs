using System.Buffers;
using System.Text;
using System.Text.Json;
using Dogana.Catalog;
using Dogana.Gateway;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Upstreams;
using Dogana.Gateway.Upstreams.Http;
using Dogana.Gateway.Upstreams.OpenAiCompatible;
using Dogana.Gateway.Upstreams.Sse;
using Dogana.Gateway.Upstreams.Taps;
using Dogana.Metering;
using Dogana.Metering.Journal;

namespace Dogana.Tests.Gateway;

/// <summary>
/// What each step of a plain call allocates on its own thread, in bytes, held by <c>allocation-budget.json</c> beside this file. A step that needs more is
/// a change to be meant: raise its number there. Well-compiled code may need less.
/// </summary>
public sealed class AllocationBudgetTests
{
    private static readonly byte[] Body = """{"model":"m","messages":[{"role":"user","content":"Hello, how are you today? Answer in one sentence."}],"max_tokens":16,"temperature":0}"""u8.ToArray();

    private static readonly byte[] Answer = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello!","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":12,"completion_tokens":14,"total_tokens":26}}""");

    private static readonly byte[] Chunk = Encoding.UTF8.GetBytes(
        """{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":" word"},"logprobs":null,"finish_reason":null}],"usage":null}""");

    private static readonly Model Plain = new("m", "o", ModelKind.Chat, 100_000, 4_096);

    [Fact]
    public void No_step_of_a_call_allocates_more_than_its_budget()
    {
        var file = Path.Combine(Repository.Root, "tests", "Dogana.Tests", "Gateway", "allocation-budget.json");
        var budget = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(file))!;

        var request = RequestReader.Read(Body, Operation.ChatCompletions, 8).Value;
        var call = new UpstreamCall("id", request, new Deployment("d", "m", [new Route("u", "upstream-m", 1, 1)], 100), Plain, DateTimeOffset.UnixEpoch, 16, 100);
        using var http = new HttpMessageInvoker(new SocketsHttpHandler());
        var upstream = new HttpUpstream(new Upstream("u", UpstreamKind.OpenAiCompatible, "http://127.0.0.1:9/v1", null), new OpenAiCompatibleWire(), http, new GatewayOptions());
        using var tap = AnswerTap.For(Operation.ChatCompletions, call);
        var output = new ArrayBufferWriter<byte>(1024 * 1024);
        var writer = new SseWriter(output);
        var record = new OpenedCall("id", "p", "o", "c", "k", "d", "m", DateTimeOffset.UnixEpoch, Money.Zero(Currency.Of("USD"))).Close("node", DateTimeOffset.UnixEpoch, CallEnding.Completed, new TokenUsage(12, 0, 14));

        var measured = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["read a request"] = Measure(() => RequestReader.Read(Body, Operation.ChatCompletions, 8)),
            ["word it for an upstream"] = Measure(() => upstream.Prepare(call, call.Deployment.Routes[0])),
            ["look at a whole answer"] = Measure(() =>
            {
                using var whole = AnswerTap.For(Operation.ChatCompletions, call);
                whole.TakeWhole(Answer);
            }),
            ["relay an event"] = Measure(() =>
            {
                tap.Take(Chunk);
                output.ResetWrittenCount();
                writer.Write(default, Chunk);
            }),
            ["write a journal line"] = Measure(() => new JournalEntry(null, record).ToBytes()),
        };

        measured.Keys.ShouldBe(budget.Keys, ignoreOrder: true);
        measured.Where(item => item.Value > budget[item.Key])
            .Select(item => $"{item.Key}: {item.Value} bytes, budget {budget[item.Key]}").ShouldBeEmpty();
    }

    // The least of several runs: what the runtime itself allocates now and then is not the step's.
    private static long Measure(Action step)
    {
        const int times = 200;
        var least = long.MaxValue;
        for (var run = 0; run < 12; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++)
            {
                step();
            }

            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / times);
        }

        return least;
    }
}
