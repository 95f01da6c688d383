namespace Dogana.Conduct.Signals;

/// <summary>Makes findings of a sketch at an instant.</summary>
internal sealed class SketchFindings(AccountSketch sketch, DateTimeOffset now)
{
    /// <summary>The version of the rules in this file; findings of the catalogue bear the signatures' own.</summary>
    public const string Version = "1";

    // Fewer calls than these say nothing about an account as a whole.
    private const int CallsMin = 100;

    private const string OwnChoices = "benchmark.own_choices";
    private const string HarvestBare = "harvest.bare";
    private const string HarvestTemplate = "harvest.template";
    private const string LabelRatio = "label.ratio";

    public static readonly ulong OwnChoicesKey = SignatureMatcher.Key(OwnChoices);

    private static readonly ulong OwnOutputKey = SignatureMatcher.Key(CallReader.OwnOutput);
    private static readonly ulong LogitSweepKey = SignatureMatcher.Key(CallReader.LogitSweep);

    private readonly Pane _month = sketch.Month.Sum(now);
    private readonly Pane _day = sketch.Day.Sum(now);
    private readonly Pane _minutes = sketch.Minutes.Sum(now);

    /// <summary>What part of an account's calls meets each signature that benign accounts are measured by.</summary>
    public IEnumerable<(string Signature, double Share)> Shares(SignatureCatalogue catalogue)
    {
        foreach (var id in catalogue.Signatures.Select(static signature => signature.Id).Append(OwnChoices))
        {
            yield return (id, _month.Tallies.TryGetValue(SignatureMatcher.Key(id), out var tally) ? (double)tally.Requests / _month.Calls : 0);
        }

        var features = AccountFeatures.Of(_month, sketch.Units);
        yield return (HarvestBare, features[AccountFeatures.BareImperative]);
        yield return (HarvestTemplate, features[(int)Trait.Templated]);
        yield return (LabelRatio, (double)Labels(_month) / Math.Max(1, _month.Calls));
    }

    public IEnumerable<ConductFinding> Of(SignatureCatalogue catalogue, ConductCalibration? calibration, IReadOnlyCollection<string> declaredUses)
    {
        var judged = false;
        foreach (var signature in catalogue.Signatures)
        {
            if (Met(SignatureMatcher.Key(signature.Id), signature.Distinct) is { } tally)
            {
                judged |= signature.Detector == Detector.JudgeTemplate;
                yield return Make(signature.Detector, signature.Id, signature.Version, signature.Strength, tally, signature.Statement, signature.Innocent);
            }
        }

        if (Met(OwnChoicesKey, 10) is { } choices)
        {
            yield return Make(
                Detector.BenchmarkOverlap, OwnChoices, Version, FindingStrength.Strong, choices,
                "Multiple-choice questions were put, each with choices of its own.", "A learning application, or a form whose choices change with each customer.");
        }

        if (Met(OwnOutputKey, judged ? 6 : 20) is { } own)
        {
            yield return Make(
                Detector.OwnOutput, CallReader.OwnOutput, Version, judged ? FindingStrength.Strong : FindingStrength.Weak, own,
                "Outputs of the owner's models came back inside of prompts" + (judged ? ", with the demand to judge them." : "."), "Texts that are worked on in several steps.");
        }

        if (Met(LogitSweepKey, 20) is { } sweep)
        {
            yield return Make(
                Detector.LogitSweep, CallReader.LogitSweep, Version, FindingStrength.Strong, sweep,
                "Log probabilities of a few tokens were asked for under ever new biases, as one does to draw a model's last layer out of it.", "A classifier that weighs its labels.");
        }

        foreach (var finding in OfShares(declaredUses).Concat(OfTime()).Concat(Compared(calibration)))
        {
            yield return finding;
        }
    }

    private IEnumerable<ConductFinding> OfShares(IReadOnlyCollection<string> declaredUses)
    {
        var pane = _day.Calls >= CallsMin ? _day : _month;
        if (pane.Calls < CallsMin)
        {
            yield break;
        }

        var features = AccountFeatures.Of(pane, sketch.Units);
        var distinct = (long)Math.Min(pane.Calls, pane.Items!.Count());
        var (bare, templated) = (features[AccountFeatures.BareImperative], features[(int)Trait.Templated]);
        if (distinct >= 0.95 * pane.Calls && bare >= 0.4)
        {
            yield return Weak(Detector.TemplateHarvest, HarvestBare, pane, (long)(bare * pane.Calls), distinct,
                "Ever new instructions came without a template and without anybody who speaks of himself.", "People who use the model directly, as an assistant.");
        }

        if (distinct >= 5_000 && distinct >= 0.98 * pane.Calls && templated >= 0.9)
        {
            yield return Weak(Detector.TemplateHarvest, HarvestTemplate, pane, (long)(templated * pane.Calls), distinct,
                "Few templates were filled with thousands of different texts, none of them twice.", "Any large application; the declared use says whether this is one.");
        }

        var labels = Labels(pane);
        if (labels >= 0.8 * pane.Calls && !declaredUses.Contains("classification", StringComparer.Ordinal) && !declaredUses.Contains("extraction", StringComparer.Ordinal))
        {
            yield return Weak(Detector.LabelRatio, LabelRatio, pane, labels, distinct,
                "Nearly all answers are labels, and no use that would explain it was declared.", "Triage, routing or moderation that nobody declared: ask.");
        }
    }

    private static long Labels(Pane pane) => Math.Max(pane.ShortAnswers, pane.TraitCounts[(int)Trait.ClosedAnswer]);

    private IEnumerable<ConductFinding> OfTime()
    {
        var hours = sketch.Hours.Count(static hour => hour > 0);
        var mean = sketch.Hours.Average(static hour => (double)hour);
        var spread = mean == 0 ? 0 : Math.Sqrt(sketch.Hours.Average(hour => (hour - mean) * (hour - mean))) / mean;
        if (sketch.LastAt - sketch.FirstAt >= TimeSpan.FromDays(14) && mean >= 12 && hours >= 160 && spread <= 0.35)
        {
            yield return Weak(Detector.Regularity, "regularity.hours", _month, _month.Calls, hours,
                "Calls come evenly at all hours of the week, as no office and no public does.", "An application with users in all parts of the world, or a queue that is always full.");
        }

        foreach (var (pane, least) in new[] { (_minutes, 50), (_day, 500) })
        {
            if (pane.OverQuota >= least && pane.OverQuota >= 0.05 * pane.Calls)
            {
                yield return Weak(Detector.Regularity, "regularity.quota", pane, pane.OverQuota, pane.OverQuota,
                    "Calls are sent at the quota's edge for long.", "An application that outgrew its quota.") with { OfRequests = pane.Calls + pane.OverQuota };
                yield break;
            }
        }

        var shift = Shift();
        if (shift >= 0.4)
        {
            yield return Weak(Detector.BaselineShift, "shift.own", _day, _day.Calls, (long)(_day.Items?.Count() ?? 0),
                "What the calls of the last day are about differs from the month before.", "A new application, or a new season.");
        }
    }

    // Half the sum of differences between what the day and the month are about: 0 for alike, 1 for nothing in common.
    private double Shift()
    {
        if (_day.Calls < CallsMin || _month.Calls < 4 * _day.Calls)
        {
            return 0;
        }

        var (day, month) = (_day.About!.Sum(static count => (long)count), _month.About!.Sum(static count => (long)count));
        return _day.About!.Zip(_month.About!, (one, all) => Math.Abs(((double)one / day) - ((double)all / month))).Sum() / 2;
    }

    private IEnumerable<ConductFinding> Compared(ConductCalibration? calibration)
    {
        if (calibration is null || _month.Calls < CallsMin)
        {
            yield break;
        }

        var compared = calibration.Compare(sketch, now);
        if (compared.Score > calibration.Threshold)
        {
            var most = string.Join(", ", compared.Beyond.OrderByDescending(static feature => feature.Value).Take(3).Select(static feature => feature.Key));
            yield return Weak(Detector.BaselineShift, "shift.benign", _month, _month.Calls, (long)_month.Items!.Count(),
                $"The calls as a whole are unlike those of benign accounts, most in: {most}.", "An application of a kind that the comparison did not have.") with
            {
                BenignPercentile = compared.Percentile,
                BenignAccounts = calibration.Accounts,
            };
        }
    }

    private SignatureTally? Met(ulong key, int distinct) => _month.Tallies.TryGetValue(key, out var tally) && tally.Items.Count >= distinct ? tally : null;

    private ConductFinding Make(Detector detector, string signature, string version, FindingStrength strength, SignatureTally tally, string statement, string innocent) => new(
        sketch.Account, detector, signature, version, strength, Instant(tally.FirstMicros), Instant(tally.LastMicros),
        tally.Requests, _month.Calls, tally.Items.Count, statement, innocent)
    {
        CallIds = sketch.Evidence.Of(SignatureMatcher.Key(signature)),
    };

    private ConductFinding Weak(Detector detector, string signature, Pane pane, long requests, long distinct, string statement, string innocent) => new(
        sketch.Account, detector, signature, Version, FindingStrength.Weak, Later(sketch.FirstAt!.Value, pane), sketch.LastAt!.Value, requests, pane.Calls, distinct, statement, innocent);

    // A window's findings do not begin before the window.
    private DateTimeOffset Later(DateTimeOffset first, Pane pane)
    {
        var begin = now - (pane == _minutes ? TimeSpan.FromMinutes(15) : pane == _day ? TimeSpan.FromHours(36) : TimeSpan.FromDays(45));
        return first > begin ? first : begin;
    }

    private static DateTimeOffset Instant(long micros) => Storage.StoredTime.FromMicros(micros);
}
