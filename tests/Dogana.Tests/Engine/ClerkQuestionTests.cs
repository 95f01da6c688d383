using System.Text;
using System.Text.Json;
using Dogana.Engine;
using Microsoft.Extensions.AI;

namespace Dogana.Tests.Engine;

/// <summary>The hundred questions of models/clerk/held-out.jsonl, none of which clerk was taught, judged by the rule of models/clerk/judge.py.</summary>
public sealed class ClerkQuestionTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Questions_that_were_never_taught_are_answered_rightly()
    {
        Assert.SkipUnless(File.Exists(EmbeddedModels.ClerkPath), "models/clerk is not in this checkout: nobody to ask.");
        using EmbeddedChatModel model = EmbeddedChatModel.Load(EmbeddedModels.ClerkPath);
        var right = 0;
        foreach (HeldOut question in Questions())
        {
            ChatResponse response = await model.GetResponseAsync(
                [new ChatMessage(ChatRole.User, question.Ask)], new ChatOptions { Temperature = 0, MaxOutputTokens = 120 }, TestContext.Current.CancellationToken);
            if (IsRight(question, response.Text))
            {
                right++;
            }
            else
            {
                output.WriteLine($"{question.Ask}\n  -> {response.Text}");
            }
        }

        using JsonDocument golden = JsonDocument.Parse(await File.ReadAllBytesAsync(Repository.File("models/clerk/golden.json"), TestContext.Current.CancellationToken));
        var published = golden.RootElement.GetProperty("held_out_right").GetInt32();
        output.WriteLine($"{right} right; the model card says {published}");
        right.ShouldBeGreaterThanOrEqualTo(published);
    }

    [Fact]
    public void There_are_a_hundred_of_them_and_ten_are_about_something_else()
    {
        HeldOut[] questions = [.. Questions()];
        questions.Select(question => question.Ask).Distinct(StringComparer.OrdinalIgnoreCase).Count().ShouldBe(100);
        questions.Count(question => question.Fact == "decline").ShouldBe(10);
        questions.ShouldAllBe(question => question.All.Length > 0);
    }

    [Theory]
    [InlineData("Create it with dogana key create.", true)]
    [InlineData("Use the DOGANA  KEY-CREATE!", true)]
    [InlineData("Use dogana key list.", false)]
    [InlineData("I only know dogana key create.", false)]
    [InlineData("Use prodogana key create.", false)]
    public void The_rule_reads_words_and_nothing_else(string answer, bool right) =>
        IsRight(new HeldOut("key", "?", [["dogana key create"]], ["only know"]), answer).ShouldBe(right);

    private static bool IsRight(HeldOut question, string answer)
    {
        var said = Plain(answer);
        return question.All.All(group => group.Any(phrase => said.Contains(Plain(phrase), StringComparison.Ordinal)))
            && !(question.None ?? []).Any(phrase => said.Contains(Plain(phrase), StringComparison.Ordinal));
    }

    /// <summary>In small letters; whatever is neither letter nor digit is one space; a space before the first word and none at the end.</summary>
    private static string Plain(string text)
    {
        var plain = new StringBuilder(" ");
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                plain.Append(char.ToLowerInvariant(c));
            }
            else if (plain[^1] != ' ')
            {
                plain.Append(' ');
            }
        }

        return plain.ToString().TrimEnd();
    }

    private static IEnumerable<HeldOut> Questions() =>
        File.ReadLines(Repository.File("models/clerk/held-out.jsonl")).Select(line => JsonSerializer.Deserialize<HeldOut>(line, JsonSerializerOptions.Web)!);

    /// <param name="Fact">What it is about.</param>
    /// <param name="Ask">The question.</param>
    /// <param name="All">Of each group one phrase at least begins a word of the answer, or several.</param>
    /// <param name="None">No phrase of these does.</param>
    private sealed record HeldOut(string Fact, string Ask, string[][] All, string[]? None);
}
