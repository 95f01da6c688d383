using System.Text;
using System.Text.Json;
using Dogana.Gateway.Requests;

namespace Dogana.Tests.Gateway;

public sealed class RequestReaderTests
{
    private const string Good = """{"model":"m","messages":[{"role":"user","content":"hi \u00e9"}],"max_tokens":7,"stream":true,"stream_options":{"include_usage":true},"x":[1,{"y":null}]}""";

    [Fact]
    public void What_decides_a_call_is_read_and_the_body_stays_bytes()
    {
        var request = Read(Good).Value;

        (request.Model, request.MaxOutputTokens, request.Stream, request.IncludeUsage, request.Choices).ShouldBe(("m", 7, true, true, 1));
        Encoding.UTF8.GetString(request.Body.Span).ShouldBe(Good);
    }

    [Fact]
    public void A_rewritten_body_differs_in_the_replaced_fields_alone()
    {
        var request = Read(Good).Value;

        var rewritten = BodySplice.Apply(request.Body, request.Fields, [("model", "\"other\""u8.ToArray()), ("extra", "5"u8.ToArray())]);

        using var before = JsonDocument.Parse(Good);
        using var after = JsonDocument.Parse(rewritten);
        after.RootElement.GetProperty("model").GetString().ShouldBe("other");
        after.RootElement.GetProperty("extra").GetInt32().ShouldBe(5);
        foreach (var field in before.RootElement.EnumerateObject().Where(field => field.Name != "model"))
        {
            after.RootElement.GetProperty(field.Name).GetRawText().ShouldBe(field.Value.GetRawText());
        }
    }

    [Theory]
    [InlineData("MODEL")]
    [InlineData("Max_Tokens")]
    [InlineData("\u017Ftream")]
    [InlineData("n_predict")]
    public void A_second_spelling_of_what_decides_a_call_is_refused(string name) =>
        Read($$"""{"model":"m","messages":[{"role":"user","content":"x"}],"{{name}}":1}""").Problem!.Message.ShouldContain("could be read as");

    [Fact]
    public void Both_output_limits_must_agree()
    {
        Read("""{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":5,"max_completion_tokens":6}""").Problem!.Param.ShouldBe("max_completion_tokens");
        Read("""{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":5,"max_completion_tokens":5}""").Value.MaxOutputTokens.ShouldBe(5);
    }

    [Fact]
    public void No_change_to_a_body_makes_the_reader_throw()
    {
        var random = new Random(1);
        var good = Encoding.UTF8.GetBytes(Good);
        for (var i = 0; i < 20_000; i++)
        {
            var body = good[..random.Next(good.Length / 2, good.Length + 1)];
            for (var changes = random.Next(1, 4); changes > 0; changes--)
            {
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var read = RequestReader.Read(body, random.Next(2) == 0 ? Operation.ChatCompletions : Operation.Embeddings, 8);
            if (read.Problem is { } problem)
            {
                ProblemTable.Of(problem.Code).Status.ShouldBe(400);
            }
            else
            {
                JsonDocument.Parse(BodySplice.Apply(body, read.Value.Fields, [("model", "\"z\""u8.ToArray()), ("new", "[1]"u8.ToArray())])).Dispose();
            }
        }
    }

    private static Outcome<CallRequest> Read(string body) => RequestReader.Read(Encoding.UTF8.GetBytes(body), Operation.ChatCompletions, 8);
}
