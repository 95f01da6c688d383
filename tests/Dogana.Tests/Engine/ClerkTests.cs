using System.Text.Json;
using Dogana.Engine;
using Dogana.Engine.ChatTemplates;
using Dogana.Engine.Gguf;
using Dogana.Engine.Tokenizers;
using Microsoft.Extensions.AI;

namespace Dogana.Tests.Engine;

/// <summary>The product's own model against answers that another program computed from the same file.</summary>
public sealed class ClerkTests
{
    private static string GoldenPath => Repository.File("models/clerk/golden.json");

    [Fact]
    public void Prompts_have_the_expected_tokens()
    {
        using JsonDocument golden = ReadGolden();
        using GgufFile file = GgufFile.Open(EmbeddedModels.ClerkPath);
        TextTokenizer tokenizer = TextTokenizer.Read(file.Metadata);
        ChatTemplate template = ChatTemplate.Read(file.Metadata, tokenizer.Vocabulary, TimeProvider.System);
        foreach (JsonElement item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            MarkedText prompt = template.Render(Messages(item).Select(message => new ChatTurn(message.Role.Value, message.Text)));
            prompt.Text.ShouldBe(item.GetProperty("prompt").GetString());
            tokenizer.EncodePrompt(prompt).ShouldBe(Ids(item, "prompt_ids"));
        }
    }

    [Fact]
    public async Task Greedy_answers_are_the_expected_ones()
    {
        using JsonDocument golden = ReadGolden();
        using EmbeddedChatModel model = EmbeddedChatModel.Load(EmbeddedModels.ClerkPath);
        int limit = golden.RootElement.GetProperty("max_tokens").GetInt32();
        foreach (JsonElement item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            ChatResponse response = await model.GetResponseAsync(
                Messages(item), new ChatOptions { Temperature = 0, MaxOutputTokens = limit }, TestContext.Current.CancellationToken);
            response.Text.ShouldBe(item.GetProperty("output").GetString());
            response.Usage!.InputTokenCount.ShouldBe(Ids(item, "prompt_ids").Length);
            response.Usage.OutputTokenCount.ShouldBe(Ids(item, "output_ids").Length);
            response.FinishReason.ShouldBe(item.GetProperty("ended").GetBoolean() ? ChatFinishReason.Stop : ChatFinishReason.Length);
        }
    }

    private static JsonDocument ReadGolden()
    {
        Assert.SkipUnless(
            File.Exists(EmbeddedModels.ClerkPath) && File.Exists(GoldenPath), "models/clerk is not in this checkout: no model to compare.");
        return JsonDocument.Parse(File.ReadAllBytes(GoldenPath));
    }

    private static List<ChatMessage> Messages(JsonElement item) => [.. item.GetProperty("messages").EnumerateArray().Select(
        message => new ChatMessage(new ChatRole(message.GetProperty("role").GetString()!), message.GetProperty("content").GetString()))];

    private static int[] Ids(JsonElement item, string name) => [.. item.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
