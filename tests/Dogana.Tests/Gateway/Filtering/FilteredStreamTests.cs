using System.Text;
using System.Text.Json;
using Dogana.Filtering;
using Dogana.Gateway;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Filtering;
using Dogana.Gateway.Filtering.Judging;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Translations;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Tests.Gateway.Filtering;

/// <summary>What leaves of a stream that is looked at, over any text and any cut of it into events.</summary>
public sealed class FilteredStreamTests
{
    private static readonly Gen<(string Text, int[] Cuts)> Streams =
        from words in Gen.Elements("the", "cat", "sat", "on", "a", "mat.", "Then", "it", "slept!", "why?", "so\n", "naïve", "😀", "supercalifragilistic").ArrayOf(60)
        from cuts in Gen.Choose(1, 23).ArrayOf(20)
        select (string.Join(' ', words), cuts);

    [Theory]
    [InlineData(FilterMode.Buffered)]
    [InlineData(FilterMode.Asynchronous)]
    public void A_stream_without_a_finding_is_byte_for_byte_what_came(FilterMode mode) => Checked.ForAll(Streams, 71, stream =>
    {
        var events = Chunks(stream.Text, stream.Cuts);

        Run(mode, Dialect.OpenAi, events).ShouldBe(events);
    });

    [Theory]
    [InlineData(FilterMode.Buffered)]
    [InlineData(FilterMode.Asynchronous)]
    public void A_stream_without_a_finding_is_text_for_text_what_came_with_annotations_too(FilterMode mode) => Checked.ForAll(Streams, 72, stream =>
    {
        var seen = Run(mode, Dialect.Azure, Chunks(stream.Text, stream.Cuts));

        TextOf(seen).ShouldBe(stream.Text);
        seen[^1].ShouldBe("[DONE]");
        seen.Count(static data => data.Contains("content_filter_results", StringComparison.Ordinal)).ShouldBeGreaterThan(0);
    });

    [Fact]
    public void Of_a_withheld_sentence_no_byte_leaves_a_buffered_stream() => Checked.ForAll(
        from stream in Streams from at in Gen.Choose(0, 60) select (stream, at), 73, input =>
        {
            // Letters that are nowhere else: whatever leaves of the sentence is seen.
            var words = input.stream.Text.Split(' ').ToList();
            words.Insert(Math.Min(input.at, words.Count), "Zebras ZZXX forbidden QQWW vexed.");
            var text = string.Join(' ', words);

            var seen = TextOf(Run(FilterMode.Buffered, Dialect.OpenAi, Chunks(text, input.stream.Cuts)), out var finish);

            finish.ShouldBe("content_filter");
            text.ShouldStartWith(seen);
            seen.ShouldNotContain("forbidden");
            text.IndexOf("forbidden", StringComparison.Ordinal).ShouldBeGreaterThanOrEqualTo(seen.Length);
            seen.Any(static letter => letter is 'Z' or 'X' or 'Q').ShouldBeFalse(seen);
        });

    [Fact]
    public void A_finding_ends_an_asynchronous_stream()
    {
        var text = $"{string.Concat(Enumerable.Repeat("All is well here today. ", 3))}This is forbidden to say. {string.Concat(Enumerable.Repeat("And so it goes on and on. ", 40))}";

        var seen = Run(FilterMode.Asynchronous, Dialect.Azure, Chunks(text, [7]), isSlow: true);

        TextOf(seen, out var finish).Length.ShouldBeLessThan(text.Length - 500);
        finish.ShouldBe("content_filter");
        seen[^1].ShouldBe("[DONE]");
        seen.ShouldContain(data => data.Contains("content_filter_offsets", StringComparison.Ordinal));
        seen.ShouldContain(data => data.Contains("\"custom_blocklists\":{\"filtered\":true", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_several_choices_only_the_one_is_withheld()
    {
        var seen = Run(FilterMode.Buffered, Dialect.OpenAi, [
            Chunk("A fine day it is. ", 0), Chunk("This is forbidden, all", 1), Chunk("Let us go out", 0), Chunk(" of it. And more.", 1), Chunk(" then.", 0), Chunk(null, 0), Chunk(null, 1), "[DONE]"], choices: 2);

        TextOf(seen).ShouldBe("A fine day it is. Let us go out then.");
        seen.Count(static data => data.Contains("\"finish_reason\":\"stop\"", StringComparison.Ordinal)).ShouldBe(1);
        seen.Count(static data => data.Contains("\"index\":1", StringComparison.Ordinal)).ShouldBe(1, "its end alone");
        seen.ShouldContain(static data => data.Contains("\"index\":1", StringComparison.Ordinal) && data.Contains("content_filter", StringComparison.Ordinal));
    }

    [Fact]
    public void What_cannot_be_looked_at_breaks_a_closed_stream_and_passes_an_open_one()
    {
        string[] events = [Chunk("Whatever it says. ", 0), Chunk(null, 0), "[DONE]"];
        var rule = new FilterRule(FilterCategory.Hate, FilterSource.Completion, FilterSeverity.Medium, IsBlocking: true); // and there is no classifier

        var open = Run(FilterMode.Buffered, Dialect.Azure, events, rule: rule);
        var broken = Should.Throw<ProblemException>(() => Run(FilterMode.Buffered, Dialect.Azure, events, rule: rule, failure: FilterFailure.Closed));

        TextOf(open).ShouldBe("Whatever it says. ");
        open.ShouldContain(static data => data.Contains("\"error\":{\"code\":\"content_filter_error\"", StringComparison.Ordinal));
        broken.Problem.Code.ShouldBe(ProblemCode.FilterUnavailable);
    }

    private static string[] Chunks(string text, int[] cuts)
    {
        var events = new List<string> { Chunk("", 0) };
        for (var (at, i) = (0, 0); at < text.Length; i++)
        {
            var end = Math.Min(text.Length, at + cuts[i % cuts.Length]);
            end += end < text.Length && char.IsLowSurrogate(text[end]) ? 1 : 0;
            events.Add(Chunk(text[at..end], 0));
            at = end;
        }

        return [.. events, Chunk(null, 0), """{"id":"c","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""", "[DONE]"];
    }

    private static string Chunk(string? text, int index) => text is null
        ? $$$"""{"id":"c","object":"chat.completion.chunk","choices":[ {"index":{{{index}}},"delta":{},"finish_reason":"stop"} ],"usage":null}"""
        : $$$"""{"id":"c","object":"chat.completion.chunk","choices":[ {"index":{{{index}}},"delta":{"content":{{{JsonSerializer.Serialize(text)}}}},"finish_reason":null} ],"usage":null}""";

    private static string TextOf(IReadOnlyList<string> events) => TextOf(events, out _);

    private static string TextOf(IReadOnlyList<string> events, out string? finish)
    {
        (var text, finish) = (new StringBuilder(), null);
        foreach (var data in events.Where(static data => data != "[DONE]"))
        {
            using var json = JsonDocument.Parse(data);
            foreach (var choice in json.RootElement.GetProperty("choices").EnumerateArray())
            {
                text.Append(choice.TryGetProperty("delta", out var delta) && delta.TryGetProperty("content", out var content) ? content.GetString() : "");
                finish = choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String ? reason.GetString() : finish;
            }
        }

        return text.ToString();
    }

    private static List<string> Run(
        FilterMode mode, Dialect dialect, string[] events, bool isSlow = false, int choices = 1, FilterRule? rule = null, FilterFailure failure = FilterFailure.Open)
    {
        var policy = new FilterPolicy("p", mode, failure) { BlockLists = [new FilterListUse("list", FilterSource.Completion, IsBlocking: true)], Rules = rule is null ? [] : [rule] };
        var applied = FilterTable.Of(new FilterDeclarations([policy], [new BlockList("list", ["forbidden"], [])], [])).Find("p", null)!;
        var options = new GatewayOptions();
        var request = RequestReader.Read(Encoding.UTF8.GetBytes($$"""{"model":"m","stream":true,"n":{{choices}},"messages":[{"role":"user","content":"x"}]}"""), Operation.ChatCompletions, 8).Value;
        using var judge = new TextJudge(options, TimeProvider.System, NullLogger<TextJudge>.Instance);
        using var life = new CallLife(options, TimeProvider.System, CancellationToken.None);
        var filter = new CallFilter(applied, request, dialect, "shop", judge, static (_, _, look) => look());
        var sink = new Kept();
        RunAsync().GetAwaiter().GetResult();
        return sink.Events;

        async Task RunAsync()
        {
            await using var stream = (StreamedAnswer)(await filter.LookAtAsync(new Scripted(events, isSlow), life)).Value;
            while (await stream.NextAsync(sink))
            {
                // Until its end.
            }
        }
    }

    /// <summary>An upstream that sends one event after the other.</summary>
    private sealed class Scripted(string[] events, bool isSlow) : StreamedAnswer
    {
        private int _next;

        public override TokenUsage Usage => default;

        public override ReadOnlyMemory<byte> Text => default;

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

        protected override async ValueTask<bool> ReadAsync(IEventSink sink)
        {
            if (isSlow)
            {
                await Task.Delay(1);
            }

            sink.Write(default, Encoding.UTF8.GetBytes(events[_next++]));
            return _next < events.Length;
        }
    }

    private sealed class Kept : IEventSink
    {
        public List<string> Events { get; } = [];

        public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => Events.Add(Encoding.UTF8.GetString(data));
    }
}
