using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;
using OpenAI.Responses;

namespace Dogana.ServerTests;

/// <summary>OpenAI's .NET client against the built server, on every kind of upstream: nothing of it is changed but the address and the key.</summary>
[Collection(nameof(ClientWorld))]
public sealed class NetOpenAiClientTests(ClientWorld world)
{
    private const string Talk = FakeUpstream.FakeScript.UsualText;
    private const string Weather = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";
    private const string Person = """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}""";

    private static readonly ChatTool WeatherTool = ChatTool.CreateFunctionTool("get_weather", "The weather in a city.", BinaryData.FromString(Weather));

    /// <summary>The path that the client is given, and the kind of upstream behind it.</summary>
    public static TheoryData<string, string> Surfaces => new() { { "/v1", "compat" }, { "/v1", "openai" }, { "/v1", "anthropic" }, { "/v1", "azure" }, { "/openai/v1", "azurev1" } };

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task It_chats_whole_and_streamed(string path, string kind)
    {
        var client = Client(path).GetChatClient($"{kind}-talk");

        var whole = (await client.CompleteChatAsync("Say hello.")).Value;
        var (text, usage) = ("", (ChatTokenUsage?)null);
        await foreach (var update in client.CompleteChatStreamingAsync("Say hello."))
        {
            text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            usage = update.Usage ?? usage;
        }

        whole.Content[0].Text.ShouldBe(Talk);
        text.ShouldBe(Talk);
        whole.FinishReason.ShouldBe(ChatFinishReason.Stop);
        (whole.Usage.InputTokenCount, whole.Usage.OutputTokenCount).ShouldBe((10, 5));
        usage!.TotalTokenCount.ShouldBe(15); // this client always asks for it
    }

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task It_calls_tools_and_answers_them(string path, string kind)
    {
        var options = new ChatCompletionOptions { Tools = { WeatherTool } };
        var question = new UserChatMessage("The weather?");
        var marker = ClientWorld.NewMarker();

        var first = (await Client(path).GetChatClient($"{kind}-tools").CompleteChatAsync([question], options)).Value;
        first.FinishReason.ShouldBe(ChatFinishReason.ToolCalls);
        first.ToolCalls.Select(static call => City(call.FunctionArguments)).ShouldBe(["Oslo", "Rome"]);
        var second = (await Client(path).GetChatClient($"{kind}-talk").CompleteChatAsync(
            [question, new AssistantChatMessage(first), .. first.ToolCalls.Select(call => new ToolChatMessage(call.Id, marker + City(call.FunctionArguments)))], options)).Value;

        second.Content[0].Text.ShouldBe(Talk);
        var sent = world.Seen(marker).ShouldHaveSingleItem().Body;
        first.ToolCalls.ShouldAllBe(call => sent.Split(call.Id, StringSplitOptions.None).Length == 3); // the call and its answer
    }

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task It_takes_tool_calls_from_a_stream(string path, string kind)
    {
        var arguments = new SortedDictionary<int, StringBuilder>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var update in Client(path).GetChatClient($"{kind}-tools").CompleteChatStreamingAsync([new UserChatMessage("The weather?")], new ChatCompletionOptions { Tools = { WeatherTool } }))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                if (!string.IsNullOrEmpty(call.ToolCallId))
                {
                    ids.Add(call.ToolCallId);
                }

                arguments.TryAdd(call.Index, new StringBuilder());
                arguments[call.Index].Append(call.FunctionArgumentsUpdate);
            }
        }

        arguments.Values.Select(static text => City(BinaryData.FromString(text.ToString()))).ShouldBe(["Oslo", "Rome"]);
        ids.Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task It_asks_for_a_schema_shows_a_picture_and_says_how_hard_to_think(string path, string kind)
    {
        var marker = ClientWorld.NewMarker();
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("person", BinaryData.FromString(Person), jsonSchemaIsStrict: true),
#pragma warning disable OPENAI001 // what it sends is not experimental
            ReasoningEffortLevel = ChatReasoningEffortLevel.Low,
#pragma warning restore OPENAI001
        };
        var png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

        var answer = (await Client(path).GetChatClient($"{kind}-json").CompleteChatAsync(
            [new UserChatMessage(ChatMessageContentPart.CreateTextPart(marker), ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(png), "image/png"))], options)).Value;

        JsonNode.Parse(answer.Content[0].Text)!["age"]!.GetValue<int>().ShouldBe(36);
        var sent = world.Seen(marker).ShouldHaveSingleItem().Body;
        sent.ShouldContain(Convert.ToBase64String(png));
        sent.ShouldContain("\"integer\"");
        (sent.Contains("\"low\"", StringComparison.Ordinal) || sent.Contains("\"thinking\"", StringComparison.Ordinal)).ShouldBeTrue(sent);
    }

    [Theory]
    [InlineData("compat")]
    [InlineData("openai")]
    [InlineData("azure")]
    public async Task It_reads_log_probabilities_and_floats(string kind)
    {
        var answer = (await Client().GetChatClient($"{kind}-talk").CompleteChatAsync(
            [new UserChatMessage("Say hello.")], new ChatCompletionOptions { IncludeLogProbabilities = true, TopLogProbabilityCount = 2 })).Value;
        string.Concat(answer.ContentTokenLogProbabilities.Select(static token => token.Token)).ShouldBe(Talk);
        answer.ContentTokenLogProbabilities[0].TopLogProbabilities.Count.ShouldBe(2);

        var vectors = (await Client().GetEmbeddingClient($"{kind}-embed").GenerateEmbeddingsAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 16 })).Value;
        vectors.Count.ShouldBe(2);
        vectors.ShouldAllBe(vector => vector.ToFloats().Length == 16);
        ((double)System.Numerics.Tensors.TensorPrimitives.Norm(vectors[0].ToFloats().Span)).ShouldBe(1, 1e-5);
        vectors[0].ToFloats().ToArray().ShouldNotBe(vectors[1].ToFloats().ToArray());
    }

#pragma warning disable OPENAI001 // experimental in the client only
    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task It_takes_responses_whole_and_streamed(string path, string kind)
    {
        var client = Client(path).GetResponsesClient();

        var whole = (await client.CreateResponseAsync($"{kind}-talk", "Say hello.")).Value;
        var (text, numbers, completed) = ("", new List<int>(), (ResponseResult?)null);
        await foreach (var update in await client.CreateResponseStreamingAsync($"{kind}-talk", "Say hello."))
        {
            numbers.Add(update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            completed = (update as StreamingResponseCompletedUpdate)?.Response ?? completed;
        }

        whole.GetOutputText().ShouldBe(Talk);
        whole.Status.ShouldBe(ResponseStatus.Completed);
        (whole.Usage.InputTokenCount, whole.Usage.OutputTokenCount).ShouldBe((10, 5));
        text.ShouldBe(Talk);
        numbers.ShouldBe(Enumerable.Range(0, numbers.Count));
        completed!.GetOutputText().ShouldBe(Talk);
        completed.Usage.TotalTokenCount.ShouldBe(15);
    }

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task It_answers_the_function_calls_of_a_response(string path, string kind)
    {
        var marker = ClientWorld.NewMarker();
        var tool = ResponseTool.CreateFunctionTool("get_weather", BinaryData.FromString(Weather), strictModeEnabled: true);
        var first = (await Client(path).GetResponsesClient().CreateResponseAsync(
            new CreateResponseOptions($"{kind}-tool", [ResponseItem.CreateUserMessageItem("The weather?")]) { Tools = { tool } })).Value;
        var call = first.OutputItems.OfType<FunctionCallResponseItem>().ShouldHaveSingleItem();
        City(call.FunctionArguments).ShouldBe("Oslo");

        var second = (await Client(path).GetResponsesClient().CreateResponseAsync(new CreateResponseOptions(
            $"{kind}-talk",
            [ResponseItem.CreateUserMessageItem("The weather?"), .. first.OutputItems, ResponseItem.CreateFunctionCallOutputItem(call.CallId, marker)]) { Tools = { tool } })).Value;

        second.GetOutputText().ShouldBe(Talk);
        world.Seen(marker).ShouldHaveSingleItem().Body.ShouldContain(call.CallId);
    }
#pragma warning restore OPENAI001

    [Fact]
    public async Task It_lists_models()
    {
        var models = (await Client().GetOpenAIModelClient().GetModelsAsync()).Value;
        models.Select(static model => model.Id).Contains("compat-talk", StringComparer.Ordinal).ShouldBeTrue();
        (await Client().GetOpenAIModelClient().GetModelAsync("compat-talk")).Value.OwnedBy.ShouldBe("northwind");
    }

    [Theory]
    [InlineData("/v1", "compat")]
    [InlineData("/openai/v1", "azurev1")]
    public async Task It_understands_the_errors(string path, string kind)
    {
        (await FailureAsync(Client(path, "dgn_wrong"), $"{kind}-talk")).Status.ShouldBe(401);
        (await FailureAsync(Client(path), "no-such-model")).Status.ShouldBe(404);
        var bad = await FailureAsync(Client(path), $"{kind}-bad");
        bad.Status.ShouldBe(400);
        bad.Message.ShouldContain("messages"); // the parameter

        static Task<ClientResultException> FailureAsync(OpenAIClient client, string model) =>
            Should.ThrowAsync<ClientResultException>(() => client.GetChatClient(model).CompleteChatAsync("Say hello."));
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("overloaded")]
    public async Task It_waits_as_it_is_told_and_is_served(string why)
    {
        var marker = ClientWorld.NewMarker();
        var begun = Stopwatch.GetTimestamp();

        var answer = (await Client().GetChatClient($"{why}-net").CompleteChatAsync(marker)).Value;

        answer.Content[0].Text.ShouldBe(Talk);
        world.Seen(marker).Count.ShouldBe(2);
        Stopwatch.GetElapsedTime(begun).ShouldBeGreaterThan(TimeSpan.FromMilliseconds(950));
    }

    [Fact]
    public async Task It_is_told_when_the_minute_is_over()
    {
        var client = Client(retries: 0).GetChatClient("limited-net");

        // a minute may end in between
        var refused = await Should.ThrowAsync<ClientResultException>(async () =>
        {
            for (var i = 0; i < 3; i++)
            {
                await client.CompleteChatAsync("Say hello.");
            }
        });

        refused.Status.ShouldBe(429);
        var headers = refused.GetRawResponse()!.Headers;
        headers.TryGetValue("retry-after", out var seconds).ShouldBeTrue();
        headers.TryGetValue("retry-after-ms", out var milliseconds).ShouldBeTrue();
        int.Parse(seconds!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 60);
        int.Parse(milliseconds!, System.Globalization.CultureInfo.InvariantCulture).ShouldBeInRange(1, 60_000);
    }

    [Theory]
    [MemberData(nameof(Surfaces))]
    public async Task It_notices_a_cut_stream(string path, string kind)
    {
        var text = "";
        await Should.ThrowAsync<Exception>(async () =>
        {
            await foreach (var update in Client(path).GetChatClient($"{kind}-cut").CompleteChatStreamingAsync("Say hello."))
            {
                text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            }
        });
        text.ShouldStartWith("word1");
        text.ShouldNotContain("word20");
    }

    private static string City(BinaryData arguments)
    {
        using var document = JsonDocument.Parse(arguments);
        return document.RootElement.GetProperty("city").GetString()!;
    }

    private OpenAIClient Client(string path = "/v1", string? key = null, int? retries = null)
    {
        var options = new OpenAIClientOptions { Endpoint = new Uri(world.Address, path) };
        if (retries is { } count)
        {
            options.RetryPolicy = new ClientRetryPolicy(count);
        }

        return new OpenAIClient(new ApiKeyCredential(key ?? world.Key), options);
    }
}
