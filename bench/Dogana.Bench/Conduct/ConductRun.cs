using Dogana.Bench.Figures;
using Dogana.Conduct;

namespace Dogana.Bench.Conduct;

/// <summary>What an account was made of, and what became of it.</summary>
internal sealed record MadeAccount(string Family, string Label, int Half, AccountSketch Sketch)
{
    public bool IsBenign => Label == "benign";
}

/// <summary>Detection over the data: who is found by strong signatures, and who is found when his family is left out.</summary>
internal sealed class ConductRun(IReadOnlyList<ConductSource> sources, bool isQuick)
{
    private readonly CallReader _reader = new(SignatureCatalogue.Shipped);

    // What the catalogue has signatures for; harvests and labels have none by design: content alone does not tell them from production.
    private static bool IsStrong(string family, string label) =>
        label is "distillation" or "evaluation" && !family.StartsWith("harvest", StringComparison.Ordinal) && !family.StartsWith("label", StringComparison.Ordinal);

    private static string GroupOf(string family) => family.Split('_')[0] is "selfinstruct" or "evol" or "generate" ? "generate" : family.Split('_')[0];

    /// <summary>Pure accounts: sources take turns, and of families with several of them every second one is for calibration, with half of the rows; the others are for test, with the other half.</summary>
    public IReadOnlyList<MadeAccount> Make(Action<string> progress)
    {
        var made = new List<MadeAccount>();
        foreach (var family in sources.GroupBy(static source => (source.Family, source.Label)))
        {
            progress($"accounts of {family.Key.Family}");
            var random = Seeded(family.Key.Family, 1);
            ConductSource[] own = [.. family];
            var count = isQuick ? 20 : family.Key.Label == "benign" ? 160 : 60;
            for (var at = 0; at < count; at++)
            {
                var source = own[at % own.Length];
                var half = own.Length > 1 ? at % own.Length % 2 : at % 2;
                var prompts = ConductAccounts.Draw(ConductAccounts.Half(source, half), ConductAccounts.Calls, random);
                made.Add(new MadeAccount(source.Family, source.Label, half, ConductAccounts.Sketch($"{source.Family}-{at}", prompts, _reader)));
            }
        }

        return made;
    }

    /// <summary>Strong findings in mixes with benign calls.</summary>
    public IEnumerable<Figure> Mixes(Action<string> progress)
    {
        ConductSource[] covers = [.. sources.Where(static source => source.IsBenign)];
        ConductSource[] chats = [.. covers.Where(static source => source.Family.Contains("chat", StringComparison.Ordinal))];
        foreach (var share in new[] { 0.1, 0.25, 0.5 })
        {
            var all = new Proportion(0, 0);
            var rows = new List<Figure>();
            foreach (var family in sources.Where(static source => !source.IsBenign).GroupBy(static source => (source.Family, source.Label)))
            {
                progress($"mixes of {family.Key.Family} at {share:P0}");
                var random = Seeded(family.Key.Family, (int)(share * 100));
                ConductSource[] own = [.. family];
                var found = Proportion.Count(Enumerable.Range(0, isQuick ? 10 : 40), at =>
                {
                    var cover = at % 2 == 0 && chats.Length > 0 ? chats[at / 2 % chats.Length] : covers[random.Next(covers.Length)];
                    var prompts = ConductAccounts.Mix(own[at % own.Length].Prompts, cover.Prompts, share, random);
                    return HasStrong(ConductAccounts.Sketch($"mix-{at}", prompts, _reader), SignatureCatalogue.Shipped, null);
                });
                all = IsStrong(family.Key.Family, family.Key.Label) ? all + found : all;
                rows.Add(found.ToFigure(ConductFigures.Family($"strong_tpr_{share * 100:0}pct", family.Key.Family)));
            }

            if (share == 0.1)
            {
                yield return all.ToFigure(ConductFigures.StrongTpr);
            }

            foreach (var row in rows)
            {
                yield return row;
            }
        }
    }

    /// <summary>Strong findings of benign accounts, of all sources and rows: no threshold of the catalogue is made of them here.</summary>
    public static IEnumerable<Figure> Benign(IReadOnlyList<MadeAccount> made)
    {
        var benign = made.Where(static account => account.IsBenign).ToArray();
        yield return Found(benign).ToFigure(ConductFigures.BenignFpr);
        foreach (var family in benign.GroupBy(static account => account.Family, StringComparer.Ordinal))
        {
            yield return Found([.. family]).ToFigure(ConductFigures.Family("benign_fpr", family.Key));
        }

        static Proportion Found(IReadOnlyList<MadeAccount> accounts) => Proportion.Count(accounts, static account => HasStrong(account.Sketch, SignatureCatalogue.Shipped, null));
    }

    /// <summary>Leaves out each family, or each group of families, in turn.</summary>
    public static IEnumerable<Figure> LeftOut(IReadOnlyList<MadeAccount> made)
    {
        MadeAccount[] benign = [.. made.Where(static account => account is { IsBenign: true, Half: 0 })];
        MadeAccount[] unseen = [.. made.Where(static account => account is { IsBenign: true, Half: 1 })];
        var calibration = Calibrated(benign, null);
        var abuse = made.Where(static account => !account.IsBenign).ToArray();
        var (rates, sum, worst, rows) = (new List<double>(), new Proportion(0, 0), new Proportion(0, 1), new List<Figure>());
        foreach (var family in abuse.GroupBy(static account => account.Family, StringComparer.Ordinal))
        {
            var used = UsedFeatures(calibration, abuse.Where(account => account.Half == 0 && GroupOf(account.Family) != GroupOf(family.Key)));
            var without = Calibrated(benign, used);
            var catalogue = SignatureCatalogue.Shipped.Without(one => IsOf(one, family.Key));
            bool IsFound(MadeAccount account) =>
                IsUnlike(without, account) || HasStrong(account.Sketch, catalogue, family.Key);
            var found = Proportion.Count(family.Where(static account => account.Half == 1), IsFound);
            var wrong = Proportion.Count(unseen, IsFound);
            rates.Add(found.Value);
            sum += found;
            worst = wrong.Value > worst.Value || worst.All == 1 ? wrong : worst;
            rows.Add(found.ToFigure(ConductFigures.Family("lofo_tpr", family.Key)));
            rows.Add(wrong.ToFigure(ConductFigures.Family("lofo_fpr_without", family.Key)));
        }

        yield return new Figure(ConductFigures.LofoTpr, rates.Count == 0 ? 0 : rates.Average(), sum.Low, sum.High, Math.Max(2, sum.All), sum.All);
        yield return worst.ToFigure(ConductFigures.LofoFpr);
        foreach (var row in rows)
        {
            yield return row;
        }

        foreach (var family in unseen.GroupBy(static account => account.Family, StringComparer.Ordinal))
        {
            yield return Proportion.Count(family, account => IsUnlike(calibration, account)).ToFigure(ConductFigures.Family("unlike_benign_fpr", family.Key));
        }
    }

    private static ConductCalibration Calibrated(IEnumerable<MadeAccount> benign, IReadOnlySet<string>? features) =>
        ConductCalibration.From(benign.Select(static account => account.Sketch), ConductAccounts.Now, features);

    private static bool IsUnlike(ConductCalibration calibration, MadeAccount account) => calibration.Compare(account.Sketch, ConductAccounts.Now).Score > calibration.Threshold;

    // A feature in which half of a family's accounts lie beyond benign ones.
    private static HashSet<string> UsedFeatures(ConductCalibration calibration, IEnumerable<MadeAccount> others) =>
        [.. others.GroupBy(static account => account.Family, StringComparer.Ordinal).SelectMany(family => family
            .SelectMany(account => calibration.Compare(account.Sketch, ConductAccounts.Now).Beyond.Where(static feature => feature.Value >= 1))
            .GroupBy(static feature => feature.Key, StringComparer.Ordinal).Where(feature => feature.Count() * 2 >= family.Count()).Select(static feature => feature.Key))];

    // Which signatures were written for a family. All that look for benchmarks go with a benchmark.
    private static bool IsOf(string signatures, string family) => GroupOf(family) switch
    {
        "bench" => signatures.StartsWith("bench", StringComparison.Ordinal),
        "generate" => signatures.StartsWith(family.StartsWith("evol", StringComparison.Ordinal) ? "evol" : "generate", StringComparison.Ordinal),
        _ => signatures == family,
    };

    private static bool HasStrong(AccountSketch sketch, SignatureCatalogue catalogue, string? without) =>
        sketch.Findings(catalogue, null, ConductAccounts.Now).Any(finding => finding.Strength == FindingStrength.Strong
            && !(without is not null && GroupOf(without) == "bench" && finding.Detector == Detector.BenchmarkOverlap));

    private static Random Seeded(string name, int salt) => new(name.Aggregate(salt, static (seed, letter) => unchecked((seed * 31) + letter)));
}
