using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Dogana.Insight.Charts;

namespace Dogana.Tests.Insight;

/// <summary>Pictures of numbers, by what is drawn.</summary>
public sealed partial class ChartTests
{
    [Fact]
    public void A_scale_holds_all_values_and_its_ticks_are_round()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var size = Math.Pow(10, random.Next(-3, 12));
            double[] values = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => (random.NextDouble() - (round % 2 == 0 ? 0 : 0.5)) * size)];
            var scale = Scale.Of(values, 0, 500, 5, fromZero: round % 3 != 0);

            values.ShouldAllBe(value => scale.At(value) >= -0.01 && scale.At(value) <= 500.01, $"seed {seed}, round {round}");
            var ticks = scale.Ticks().ToArray();
            ticks.Length.ShouldBeInRange(2, 12, $"seed {seed}, round {round}");
            var digits = scale.Step.ToString("E6", CultureInfo.InvariantCulture)[..4];
            (digits is "1.00" or "2.00" or "2.50" or "5.00").ShouldBeTrue($"{digits}, seed {seed}, round {round}");
            (round % 3 == 0 || (scale.From <= 0 && scale.To >= 0)).ShouldBeTrue("lengths begin at zero");
        }
    }

    [Fact]
    public void A_waterfall_ends_where_its_closing_amount_ends()
    {
        var chart = new WaterfallChart(Unit.Amount("USD", 150), [new("opening", 100, IsTotal: true), new("new", 60), new("churn", -25), new("closing", 135, IsTotal: true)]);

        var bars = Bars(chart);

        bars.Length.ShouldBe(4);
        (bars[1].X).ShouldBe(bars[0].X + bars[0].Width, 0.2, "what is new begins where the opening ends");
        (bars[2].X + bars[2].Width).ShouldBe(bars[1].X + bars[1].Width, 0.2, "what goes begins where what came ends");
        (bars[3].X + bars[3].Width).ShouldBe(bars[2].X, 0.2);
    }

    [Fact]
    public void Lengths_of_bars_are_as_their_values()
    {
        var chart = new BarChart(Unit.Percent, [new Bar("a", "40 %", new BarPart(0.4, 0, "a")), new Bar("b", "10 %", new BarPart(0.1, 0, "b")), new Bar("c", "-20 %", new BarPart(-0.2, 1, "c"))]);

        var bars = Bars(chart);

        (bars[0].Width / bars[1].Width).ShouldBe(4, 0.05);
        (bars[2].Width / bars[1].Width).ShouldBe(2, 0.05);
        (bars[2].X + bars[2].Width).ShouldBe(bars[0].X, 0.2, "below zero is left of it");
    }

    [Fact]
    public void Whatever_a_company_is_called_stays_text()
    {
        var svg = new BarChart(Unit.Percent, [new Bar("<script>alert(1)</script> & Sons", "1 %", new BarPart(0.01, 0, "\"onload=x"))]).ToSvg(780, "x", "<b>", "a & b");

        svg.ShouldNotContain("<script");
        svg.ShouldNotContain("<b>");
        XDocument.Parse(svg).Descendants("text").Select(static text => text.Value).ShouldContain(static text => text.StartsWith("<script>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(780)]
    [InlineData(350)]
    public void Every_kind_of_picture_is_well_formed_named_and_the_same_each_time(double width)
    {
        string[] months = ["2024-01", "2024-02", "2024-03"];
        Chart[] charts =
        [
            new ColumnChart(Unit.Amount("USD", 3e6), months, [new("a", [1e6, 2e6, 3e6]), new("b", [1e5, -2e5, 0])]) { Legend = Key.Of("a", "b") },
            new LineChart(Unit.Percent, months, [new("a", [0.1, null, 0.3], 0), new("b", [0.1, 0.2, null], 1)]) { Bands = [new([null, 0.1, 0.2], [null, 0.3, 0.4])], References = [new(0.2, "x")] },
            new DotChart(Unit.Plain("HHI"), [new("a", "1", [new Dot(1, 0, "x"), new Dot(2, 1, "y"), new Dot(2, 2, "y"), new Dot(2, 3, "y")], (0, 3))]),
            new BarChart(Unit.Percent, [new Bar("a", "nothing", new BarPart(0, 0, "x"))]),
        ];
        foreach (var chart in charts)
        {
            var svg = chart.ToSvg(width, "id", "Title", "Says");
            var root = XDocument.Parse(svg).Root!;

            svg.ShouldBe(chart.ToSvg(width, "id", "Title", "Says"));
            (root.Element("title")!.Value, root.Element("desc")!.Value, root.Attribute("role")!.Value).ShouldBe(("Title", "Says", "img"));
            svg.ShouldNotContain("NaN");
            svg.ShouldNotContain("∞");
        }
    }

    private static (double X, double Width)[] Bars(Chart chart) =>
    [
        .. BarPattern().Matches(chart.ToSvg(780, "x", "t", "d")).Select(static match => (
            double.Parse(match.Groups["x"].Value, CultureInfo.InvariantCulture), double.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex("""<rect class="f\d+ bar" x="(?<x>[\d.-]+)" y="[\d.-]+" width="(?<width>[\d.]+)" """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex BarPattern();
}
