using Dogana.Engine.Generation;

namespace Dogana.Tests.Engine;

public sealed class StopTextTests
{
    [Theory]
    [InlineData("END", "a|b|END|c", "ab", true)]
    [InlineData("END", "aE|N|D", "a", true)]
    [InlineData("END", "aE|N|x", "aENx", false)]
    [InlineData("END", "EEN|EN|D!", "EEN", true)]
    [InlineData("aab", "aaa|b", "a", true)]
    [InlineData("END,N", "aEN|D", "aE", true)]
    [InlineData("END", "EN", "EN", false)]
    [InlineData("", "a|b", "ab", false)]
    public void Text_flows_up_to_the_stop_sequence(string stops, string pieces, string text, bool stopped)
    {
        var stop = new StopText(stops.Split(',', StringSplitOptions.RemoveEmptyEntries));
        string found = "";
        foreach (string piece in pieces.Split('|').TakeWhile(_ => !stop.IsStopped))
        {
            found += stop.Append(piece);
        }

        (found + (stop.IsStopped ? "" : stop.End())).ShouldBe(text);
        stop.IsStopped.ShouldBe(stopped);
    }

    [Fact]
    public void Text_that_can_not_stop_flows_at_once()
    {
        var stop = new StopText(["END"]);
        stop.Append("abc").ShouldBe("abc");
        stop.Append("dE").ShouldBe("d");
        stop.Append("f").ShouldBe("Ef");
    }
}
