using System.Text.Json;
using Dogana.Bench.Figures;
using Dogana.Bench.Load;

namespace Dogana.Bench.Opening;

/// <summary>Calls of the embedded models.</summary>
internal sealed class EmbeddedRound(ModelClient client, CancellationToken cancellation)
{
    private static readonly string[] Prompts =
    [
        "What is a usage record?", "What happens when a family is suspended?", "What is a price book?", "Why does the reseller get a statement?",
        "How is the partner's share computed?", "Where can I see my invoice?", "What is a channel?",
    ];

    private static readonly byte[][] Chats = [.. Prompts.Select(static prompt => Body(new { model = "clerk-1", messages = Messages(prompt), max_tokens = 16, temperature = 0 }))];

    private static readonly byte[][] Streams = [.. Prompts.Select(static prompt => Body(new
    {
        model = "clerk-1", messages = Messages(prompt), max_tokens = 60, temperature = 0, stream = true, stream_options = new { include_usage = true },
    }))];

    private static readonly byte[][] Sentences = [.. Prompts.Select(static prompt => Body(new { model = "use-lite", input = prompt }))];

    private int _next;

    /// <summary>Calls until the server's code is compiled; the first call of all is a figure of its own.</summary>
    public async Task WarmUpAsync(Rounds rounds, TimeSpan spell)
    {
        var first = await ChatAsync();
        rounds.Add(OpeningFigures.FirstCall, first.Whole.TotalMilliseconds, 1);
        await Spell.RunAsync(2, spell, ChatAsync);
        await Spell.RunAsync(2, spell, StreamAsync);
        await Spell.RunAsync(2, spell, EmbedAsync);
    }

    public async Task RunAsync(Rounds rounds, TimeSpan spell)
    {
        await Measure(OpeningFigures.Chat1, 1, ChatAsync);
        await Measure(OpeningFigures.Chat8, 8, ChatAsync);

        var one = await Spell.RunAsync(1, spell, StreamAsync);
        var first = one.Sorted(static call => call.FirstToken);
        rounds.Add(OpeningFigures.FirstTokenP50, Percentile.Of(first, 0.5), one.Calls.Count);
        rounds.Add(OpeningFigures.FirstTokenP95, Percentile.Of(first, 0.95), one.Calls.Count);
        rounds.Add(OpeningFigures.Tokens1, one.TokensPerSecond, one.Calls.Count);
        var eight = await Spell.RunAsync(8, spell, StreamAsync);
        rounds.Add(OpeningFigures.Tokens8, eight.TokensPerSecond, eight.Calls.Count);

        await Measure(OpeningFigures.Embeddings, 1, EmbedAsync);

        async Task Measure(FigureKind kind, int concurrency, Func<Task<CallResult>> call)
        {
            var result = await Spell.RunAsync(concurrency, spell, call);
            rounds.Add(kind, result.CallsPerSecond, result.Calls.Count);
        }
    }

    private static object[] Messages(string prompt) => [new { role = "user", content = prompt }];

    private static byte[] Body(object request) => JsonSerializer.SerializeToUtf8Bytes(request);

    private Task<CallResult> ChatAsync() => client.ChatAsync(Next(Chats), cancellation);

    private Task<CallResult> StreamAsync() => client.StreamAsync(Next(Streams), cancellation);

    private Task<CallResult> EmbedAsync() => client.EmbedAsync(Next(Sentences), cancellation);

    private byte[] Next(byte[][] bodies) => bodies[(Interlocked.Increment(ref _next) & int.MaxValue) % bodies.Length];
}
