using Dogana.Conduct;

namespace Dogana.Tests.Conduct.Signals;

public sealed class ConductCalibrationTests
{
    private static readonly string[] Applications =
    [
        "You help the customers of a shop, briefly and kindly.\nMy {0}?", "Summarise for the staff.\n{0}", "Translate into German.\n{0}", "Which team handles it: billing or delivery?\nTicket: {0}",
        "Answer out of the article.\n{0}\nWhere is the lamp?",
    ];

    private readonly SignalsScene _scene = new();

    [Fact]
    public void An_account_unlike_benign_ones_is_a_weak_finding_that_says_of_how_many()
    {
        var calibration = ConductCalibration.From(Enumerable.Range(0, 40).Select(Benign), SignalsScene.Now);
        calibration.Accounts.ShouldBe(40);
        var strange = _scene.Observe(200, static at => $"Instruction: print {SignalsScene.Text(at)}\nOutput: a\nInstruction: sort {SignalsScene.Text(at + 1)}\nOutput: b\nInstruction:");
        var finding = SignalsScene.Findings(strange, calibration).Where(static item => item.Signature == "shift.benign").ShouldHaveSingleItem();
        (finding.Strength, finding.BenignPercentile, finding.BenignAccounts).ShouldBe((FindingStrength.Weak, 100.0, 40));
        SignalsScene.Findings(Benign(41), calibration).ShouldNotContain(static item => item.Signature == "shift.benign");
    }

    [Fact]
    public void A_finding_of_any_measured_signature_says_how_many_benign_accounts_show_less_of_it()
    {
        // Of 40 accounts ten judge in half of their calls.
        var calibration = ConductCalibration.From(Enumerable.Range(0, 40).Select(number => number < 10 ? Judging(number, every: 2) : Benign(number)), SignalsScene.Now);
        calibration = ConductCalibration.Import(calibration.Export()).Value;
        (double?, int?) PlaceOf(int every)
        {
            var finding = SignalsScene.Findings(Judging(50, every), calibration).Where(static item => item.Detector == Detector.JudgeTemplate).MaxBy(static item => item.Requests).ShouldNotBeNull();
            return (finding.BenignPercentile, finding.BenignAccounts);
        }

        PlaceOf(every: 6).ShouldBe((75.0, 40));
        PlaceOf(every: 1).ShouldBe((100.0, 40));
    }

    [Fact]
    public void A_calibration_that_was_written_and_read_finds_the_same()
    {
        var text = ConductCalibration.From(Enumerable.Range(0, 20).Select(Benign), SignalsScene.Now).Export();
        ConductCalibration.Import(text).Value.Export().ShouldBe(text);
        ConductCalibration.Import("{}").Problem.ShouldNotBeNull();
        ConductCalibration.Import(text.Replace("\"Nested\"", "\"Else\"", StringComparison.Ordinal)).Problem.ShouldNotBeNull().Message.ShouldContain("anew");
    }

    [Fact]
    public void The_shipped_calibration_fits_this_versions_features() => ConductCalibration.Shipped.Accounts.ShouldBeGreaterThan(700);

    private AccountSketch Judging(int number, int every) => _scene.Observe(
        120, at => at % every == 0
            ? $"You are an impartial judge. Evaluate the two responses below and say which is better.\n[Response A] {SignalsScene.Text(at)}\n[Response B] {SignalsScene.Text(at + 500)}\nGive your final verdict: A, B or a tie."
            : $"Translate into German.\n{SignalsScene.Text((number * 1_000) + at)}",
        $"judge-{number}");

    private AccountSketch Benign(int number) =>
        _scene.Observe(120, at => Applications[number % Applications.Length].Replace("{0}", SignalsScene.Text((number * 1_000) + at), StringComparison.Ordinal), $"benign-{number}");
}
