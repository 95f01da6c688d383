using System.Diagnostics;
using System.Text.Json;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;

namespace Dogana.ServerTests;

/// <summary>Anthropic's .NET client against the built server, on upstreams that speak its language and such that do not.</summary>
[Collection(nameof(ClientWorld))]
public sealed class NetAnthropicClientTests(ClientWorld world)
{
    private const string Talk = FakeUpstream.FakeScript.UsualText;

    private static readonly JsonElement WeatherTool = Json("""
        {"name":"get_weather","description":"The weather in a city.","input_schema":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}
        """);

    /// <summary>The kinds of upstreams; the second is translated by way of chat completions, the third too.</summary>
    public static TheoryData<string> Kinds => ["anthropic", "compat", "openai"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_takes_messages_whole_and_streamed(string kind)
    {
        using var client = Client();

        var whole = await client.Messages.Create(Ask($"{kind}-talk", "Say hello."));
        var streamed = await client.Messages.CreateStreaming(Ask($"{kind}-talk", "Say hello.")).Aggregate();

        foreach (var message in new[] { whole, streamed })
        {
            message.Content.ShouldHaveSingleItem().TryPickText(out var text).ShouldBeTrue();
            text!.Text.ShouldBe(Talk);
            ((string)message.StopReason!).ShouldBe("end_turn");
            (message.Usage.InputTokens, message.Usage.OutputTokens).ShouldBe((10, 5));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_calls_tools_and_answers_them(string kind)
    {
        var marker = ClientWorld.NewMarker();
        using var client = Client();
        var ask = Ask($"{kind}-tools", "The weather?") with { Tools = [new ToolUnion(WeatherTool)] };
        var whole = await client.Messages.Create(ask);
        var streamed = await client.Messages.CreateStreaming(ask).Aggregate();
        Cities(whole).ShouldBe(["Oslo", "Rome"]);
        Cities(streamed).ShouldBe(["Oslo", "Rome"]);
        ((string)whole.StopReason!).ShouldBe("tool_use");

        var results = Calls(whole).Select(call => new ContentBlockParam(JsonSerializer.SerializeToElement(new { type = "tool_result", tool_use_id = call.ID, content = marker })));
        var second = await client.Messages.Create(ask with
        {
            Model = $"{kind}-talk",
            Messages =
            [
                new MessageParam(new UserMessageParam { Content = "The weather?" }),
                new MessageParam(new AssistantMessageParam { Content = whole.Content.Select(static block => new ContentBlockParam(block.Json)).ToList() }),
                new MessageParam(new UserMessageParam { Content = results.ToList() }),
            ],
        });

        second.Content[0].TryPickText(out var text).ShouldBeTrue();
        text!.Text.ShouldBe(Talk);
        var sent = world.Seen(marker).ShouldHaveSingleItem().Body;
        Calls(whole).ShouldAllBe(call => sent.Split(call.ID, StringSplitOptions.None).Length == 3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_thinks_asks_for_a_schema_and_shows_a_picture(string kind)
    {
        const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
        using var client = Client();
        var thought = await client.Messages.Create(Ask($"{kind}-think", "Think.") with { MaxTokens = 2000, Thinking = new ThinkingConfigEnabled(1024) });
        thought.Content[0].TryPickThinking(out var thinking).ShouldBeTrue();
        thinking!.Thinking.ShouldBe("Let me see.");

        var marker = ClientWorld.NewMarker();
        List<ContentBlockParam> content =
        [
            new(JsonSerializer.SerializeToElement(new { type = "text", text = marker })),
            new(JsonSerializer.SerializeToElement(new { type = "image", source = new { type = "base64", media_type = "image/png", data = Png } })),
        ];
        var schema = new Dictionary<string, JsonElement>(StringComparer.Ordinal)
        {
            ["type"] = Json("\"object\""), ["properties"] = Json("""{"age":{"type":"integer"}}"""), ["required"] = Json("""["age"]"""), ["additionalProperties"] = Json("false"),
        };
        var answer = await client.Messages.Create(Ask($"{kind}-json", "") with
        {
            Messages = [new MessageParam(new UserMessageParam { Content = content })], OutputConfig = new OutputConfig { Format = new JsonOutputFormat { Schema = schema } },
        });

        answer.Content[0].TryPickText(out var text).ShouldBeTrue();
        Json(text!.Text).GetProperty("age").GetInt32().ShouldBe(36);
        var sent = world.Seen(marker).ShouldHaveSingleItem().Body;
        sent.ShouldContain(Png);
        sent.ShouldContain("\"integer\"");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_counts_tokens(string kind)
    {
        using var client = Client();
        (await CountAsync("one two three four five six")).ShouldBeGreaterThan(await CountAsync("one"));

        async Task<long> CountAsync(string text) => (await client.Messages.CountTokens(new MessageCountTokensParams
        {
            Model = $"{kind}-talk", Messages = [new MessageParam(new UserMessageParam { Content = text })],
        })).InputTokens;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_understands_the_errors(string kind)
    {
        using var client = Client();
        using var stranger = Client("dgn_wrong");
        await Should.ThrowAsync<AnthropicUnauthorizedException>(() => stranger.Messages.Create(Ask($"{kind}-talk", "Say hello.")));
        await Should.ThrowAsync<AnthropicNotFoundException>(() => client.Messages.Create(Ask("no-such-model", "Say hello.")));
        await Should.ThrowAsync<AnthropicBadRequestException>(() => client.Messages.Create(Ask($"{kind}-bad", "Say hello.")));
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("overloaded")]
    public async Task It_waits_as_it_is_told_and_is_served(string why)
    {
        var marker = ClientWorld.NewMarker();
        using var client = Client();
        var begun = Stopwatch.GetTimestamp();

        await client.Messages.Create(Ask($"{why}-net-anthropic", marker));

        world.Seen(marker).Count.ShouldBe(2);
        Stopwatch.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(950));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task It_notices_a_cut_stream(string kind)
    {
        using var client = Client();
        await Should.ThrowAsync<Exception>(async () =>
        {
            await foreach (var item in client.Messages.CreateStreaming(Ask($"{kind}-cut", "Say hello.")))
            {
                _ = item;
            }
        });
    }

    private static MessageCreateParams Ask(string model, string text) => new()
    {
        Model = model, MaxTokens = 500, Messages = [new MessageParam(new UserMessageParam { Content = text })],
    };

    private static IEnumerable<ToolUseBlock> Calls(Message message) => message.Content.Select(static block => block.TryPickToolUse(out var call) ? call : null).OfType<ToolUseBlock>();

    private static IEnumerable<string?> Cities(Message message) => Calls(message).Select(static call => call.Input["city"].GetString());

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private AnthropicClient Client(string? key = null) => new() { BaseUrl = world.Address.ToString().TrimEnd('/'), ApiKey = key ?? world.Key };
}
