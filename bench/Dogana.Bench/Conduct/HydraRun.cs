using Dogana.Bench.Figures;
using Dogana.Conduct;

namespace Dogana.Bench.Conduct;

/// <summary>
/// A market by seed: a hydra of 20 to 200 accounts that fill one work's templates with inputs of their own among other calls, and customers who only look like one. No public
/// data say what networks, clients and first calls are like: all of it is made up, and is reported as such.
/// </summary>
internal sealed class HydraRun(int seed)
{
    private const int CallsEach = 60;

    private static readonly string[] Syllables = ["ba", "co", "di", "fe", "gu", "ha", "jo", "ki", "lu", "mo", "na", "pe", "ra", "si", "to", "vu", "we", "za"];

    private readonly Random _random = new(seed);
    private readonly CallReader _reader = new(SignatureCatalogue.Shipped);
    private readonly List<AccountSketch> _sketches = [];
    private readonly HashSet<string> _hydra = [];
    private readonly HashSet<string> _controls = [];

    /// <summary>Of the clustered, the hydra's; of the hydra's, the clustered; of the controls, the clustered.</summary>
    public (Proportion Precision, Proportion Recall, Proportion Controls) Measure()
    {
        var size = _random.Next(20, 201);
        string[] work = [Template(), Template()];
        // Odd seeds share networks; even ones have a network each and are opened in batches, some a day.
        ulong[] networks = [.. Enumerable.Range(0, 12).Select(_ => Fact())];
        var client = Fact();
        for (var at = 0; at < size; at++)
        {
            var born = seed % 2 == 0 ? Now.AddDays(-20 + (at / 10)).AddHours(_random.NextDouble() * 20) : Born(25);
            Add($"hydra-{at}", _hydra, born, seed % 2 == 0 ? [Fact()] : [networks[_random.Next(12)], networks[_random.Next(12)]], client, work, 0.3 + (_random.NextDouble() * 0.5));
        }

        string[] open = [Template()];
        var openClient = Fact();
        for (var at = 0; at < 50; at++)
        {
            Add($"open-{at}", _controls, Born(180), [Fact()], openClient, open, 1);
        }

        var address = Fact();
        for (var at = 0; at < 40; at++)
        {
            Add($"nat-{at}", _controls, Born(180), [address], Fact(), [Template()], 1);
        }

        for (var at = 0; at < 100; at++)
        {
            Add($"other-{at}", null, Born(180), [Fact(), Fact()], at % 3 == 0 ? openClient : Fact(), [Template()], _random.NextDouble());
        }

        string[] clustered = [.. AccountClusters.Find(_sketches, Now).SelectMany(static cluster => cluster.Accounts).Select(static account => account.Organisation)];
        var set = clustered.ToHashSet(StringComparer.Ordinal);
        return (Proportion.Count(clustered, _hydra.Contains), Proportion.Count(_hydra, set.Contains), Proportion.Count(_controls, set.Contains));
    }

    /// <summary>Accounts that sweep biases among other calls: how many are found.</summary>
    public Proportion MeasureSweeps() => Proportion.Count(Enumerable.Range(0, 20), at =>
    {
        var sketch = new AccountSketch(new ConductAccount($"sweep-{at}", "owner"));
        for (var call = 0; call < ConductAccounts.Calls; call++)
        {
            var body = call % 7 == 0
                ? $$"""{"model":"model","logprobs":true,"top_logprobs":5,"max_tokens":1,"logit_bias":{"{{_random.Next(50_000)}}":100},"messages":[{"role":"user","content":"x"}]}"""
                : $$"""{"model":"model","messages":[{"role":"user","content":"{{Words(20)}}"}]}""";
            sketch.Observe(new ObservedCall($"{at}-{call}", sketch.Account, "project", "model", Now.AddMinutes(call - 300), System.Text.Encoding.UTF8.GetBytes(body)), _reader);
        }

        return sketch.Findings(SignatureCatalogue.Shipped, null, Now).Any(static finding => finding is { Detector: Detector.LogitSweep, Strength: FindingStrength.Strong });
    });

    public static IEnumerable<Figure> Figures(bool isQuick, Action<string> progress)
    {
        var (precision, recall, controls, sweeps) = (new Proportion(0, 0), new Proportion(0, 0), new Proportion(0, 0), new Proportion(0, 0));
        for (var seed = 1; seed <= (isQuick ? 4 : 24); seed++)
        {
            progress($"hydra {seed}");
            var run = new HydraRun(seed);
            var measured = run.Measure();
            (precision, recall, controls, sweeps) = (precision + measured.Precision, recall + measured.Recall, controls + measured.Controls, sweeps + run.MeasureSweeps());
        }

        return [precision.ToFigure(ConductFigures.HydraPrecision), recall.ToFigure(ConductFigures.HydraRecall), controls.ToFigure(ConductFigures.ControlsClustered), sweeps.ToFigure(ConductFigures.SweepFound)];
    }

    private static DateTimeOffset Now => ConductAccounts.Now;

    private DateTimeOffset Born(int days) => Now.AddDays(-_random.NextDouble() * days);

    private ulong Fact() => (ulong)_random.NextInt64(1, long.MaxValue);

    private string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => string.Concat(Enumerable.Range(0, _random.Next(2, 4)).Select(_ => Syllables[_random.Next(Syllables.Length)]))));

    private string Template() => $"{Words(9)}.\n{Words(8)}:";

    private void Add(string name, HashSet<string>? kind, DateTimeOffset born, ulong[] networks, ulong client, string[] templates, double share)
    {
        kind?.Add(name);
        var sketch = new AccountSketch(new ConductAccount(name, "owner"));
        for (var at = 0; at < CallsEach; at++)
        {
            var prompt = _random.NextDouble() < share ? $"{templates[_random.Next(templates.Length)]}\n{Words(15)}" : $"{Words(12)}. {Words(6)}?";
            var late = at == 0 ? 0 : _random.NextDouble() * (Now - born).TotalSeconds;
            sketch.Observe(ConductAccounts.Call($"{name}-{at}", sketch.Account, prompt, born.AddSeconds(late)) with { Network = networks[at % networks.Length], Client = client }, _reader);
        }

        _sketches.Add(sketch);
    }
}
