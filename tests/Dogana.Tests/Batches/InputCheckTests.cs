using System.Globalization;
using System.Text;
using Dogana.Batches;
using Dogana.Batches.Input;

namespace Dogana.Tests.Batches;

public sealed class InputCheckTests
{
    private const string Chat = "/v1/chat/completions";

    [Theory]
    [InlineData("{", "invalid_json_line", null)]
    [InlineData("[]", "invalid_json_line", null)]
    [InlineData("\ufeff{}", "invalid_json_line", null)]
    [InlineData("""{"custom_id":"a","custom_id":"b"}""", "invalid_json_line", null)]
    [InlineData("""{"method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}""", "invalid_request", "custom_id")]
    [InlineData("""{"custom_id":"","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}""", "invalid_request", "custom_id")]
    [InlineData("""{"custom_id":"a","method":"GET","url":"/v1/chat/completions","body":{"model":"m"}}""", "invalid_request", "method")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/embeddings","body":{"model":"m"}}""", "mismatched_endpoint", "url")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":"m"}""", "invalid_request", "body")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{}}""", "invalid_request", "body.model")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"other"}}""", "mismatched_model", "body.model")]
    [InlineData("""{"custom_id":"first","method":"POST","url":"/v1/chat/completions","body":{"model":"m"}}""", "duplicate_custom_id", "custom_id")]
    public void A_line_that_cannot_be_run_is_told_with_its_number(string line, string code, string? param)
    {
        var check = Check(100, Line("first"), "", line);

        var fault = check.Faults.ShouldHaveSingleItem();
        (fault.Code, fault.Line, fault.Param).ShouldBe((code, 3, param));
    }

    [Fact]
    public void A_whole_input_is_cut_into_blocks_that_meet()
    {
        var lines = Enumerable.Range(0, 1_001).Select(i => i % 7 == 3 ? "" : Line(i.ToString(CultureInfo.InvariantCulture))).ToArray();
        var check = Check(50_000, lines);

        check.Faults.ShouldBeEmpty();
        check.Model.ShouldBe("m");
        check.Requests.ShouldBe(lines.Count(line => line.Length > 0));
        check.Blocks.Sum(block => block.Requests).ShouldBe(check.Requests);
        check.Blocks.Count.ShouldBe(5);
        var (line, place) = (1L, 0L);
        foreach (var block in check.Blocks)
        {
            (block.FirstLine, block.Place).ShouldBe((line, place));
            (line, place) = (line + block.Lines, place + block.Bytes);
        }

        (line - 1, place).ShouldBe((lines.Length, lines.Sum(text => text.Length + 1L)));
    }

    [Fact]
    public void Too_many_lines_and_none_are_told()
    {
        Check(2, Line("a"), Line("b"), Line("c")).Faults.Select(fault => fault.Code).ShouldBe(["too_many_tasks"]);
        Check(2, "", " ").Faults.Select(fault => fault.Code).ShouldBe(["empty_file"]);
        Check(500, [.. Enumerable.Repeat("{", 300)]).Faults.Count.ShouldBe(100);
    }

    [Fact]
    public void Azures_short_paths_are_the_same()
    {
        LineEndpoint.Find("/chat/completions").ShouldBe(Chat);
        LineEndpoint.Find("/v1/moderations").ShouldBeNull();
        Check(5, Line("a").Replace("/v1/chat", "/chat", StringComparison.Ordinal)).Faults.ShouldBeEmpty();
    }

    private static string Line(string id) => $$$"""{"custom_id":"{{{id}}}","method":"POST","url":"/v1/chat/completions","body":{"model":"m","messages":[]}}""";

    private static InputCheck Check(int max, params string[] lines)
    {
        var check = new InputCheck(Chat, max);
        var place = 0L;
        for (var i = 0; i < lines.Length; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(lines[i]);
            if (!check.Take(new InputLine(i + 1, place, bytes.Length + 1, bytes)))
            {
                break;
            }

            place += bytes.Length + 1;
        }

        check.End();
        return check;
    }
}
