using System.Text.Json;
using Dogana.Conduct.Signals;

namespace Dogana.Conduct;

/// <summary>How an account compares with benign ones.</summary>
/// <param name="Score">How far it lies beyond them, from 0.</param>
/// <param name="Percentile">How many of a hundred benign accounts have a smaller score.</param>
/// <param name="Beyond">For each feature, how many times the reach of benign accounts it lies above their median, 0 to 4.</param>
public sealed record BenignComparison(double Score, double Percentile, IReadOnlyDictionary<string, double> Beyond);

/// <summary>
/// What benign accounts are like: for each feature its median and how far it reaches above, and the scores that these accounts have themselves. An account's score says how far it
/// lies beyond what benign ones do. No account that is not benign goes into it, so that work that was never seen is found by the same measure. Immutable.
/// </summary>
public sealed class ConductCalibration
{
    // What lies beyond benign accounts counts up to so many times their reach, so that one feature alone does not decide.
    private const double FeatureMax = 4;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true };
    private static readonly Lazy<ConductCalibration> ShippedOne = new(static () => Import(ShippedFiles.Text("calibration.json")).Value);

    private readonly double[] _median;
    private readonly double[] _reach;
    private readonly double[] _scores;
    private readonly Dictionary<string, Shown> _signatures;

    private ConductCalibration(double[] median, double[] reach, double[] scores, int accounts, Dictionary<string, Shown> signatures) =>
        (_median, _reach, _scores, Accounts, _signatures) = (median, reach, scores, accounts, signatures);

    /// <summary>The one that this version ships: of the benign accounts of the benchmark `conduct`; numbers only.</summary>
    public static ConductCalibration Shipped => ShippedOne.Value;

    /// <summary>How many benign accounts it was made of.</summary>
    public int Accounts { get; }

    /// <summary>Makes one of accounts that are known to be benign.</summary>
    /// <param name="benign">Their sketches; at least one.</param>
    /// <param name="now">The instant that they are looked at.</param>
    /// <param name="features">The features that are compared; null for all.</param>
    public static ConductCalibration From(IEnumerable<AccountSketch> benign, DateTimeOffset now, IReadOnlySet<string>? features = null)
    {
        AccountSketch[] accounts = [.. benign];
        double[][] rows = [.. accounts.Select(sketch => AccountFeatures.Of(sketch.Month.Sum(now), sketch.Units))];
        if (rows.Length == 0)
        {
            throw new ArgumentException("A calibration needs at least one account.", nameof(benign));
        }

        var columns = Enumerable.Range(0, AccountFeatures.Names.Count).Select(feature => rows.Select(row => row[feature]).Order().ToArray()).ToArray();
        double[] median = [.. columns.Select(static column => column[column.Length / 2])];
        double[] reach = [.. columns.Select((column, at) => features?.Contains(AccountFeatures.Names[at]) == false
            ? double.PositiveInfinity // nothing lies beyond it
            : Math.Max(AccountFeatures.ReachMin, column[column.Length * 99 / 100] - column[column.Length / 2]))];
        var open = new ConductCalibration(median, reach, [], 0, []);
        return new ConductCalibration(median, reach, [.. rows.Select(row => open.Score(row)).Order()], rows.Length, Shares(accounts, now));
    }

    /// <summary>Says where a finding's part of the calls lies among benign accounts, where its signature was measured on them.</summary>
    public ConductFinding Placed(ConductFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (finding.BenignPercentile is not null || finding.OfRequests == 0 || !_signatures.TryGetValue(finding.Signature, out var shown))
        {
            return finding;
        }

        var share = (double)finding.Requests / finding.OfRequests;
        var less = Accounts - shown.Accounts + (shown.Shares.Count == 0 ? 0 : (double)shown.Accounts * shown.Shares.Count(benign => benign < share) / shown.Shares.Count);
        return finding with { BenignPercentile = 100 * less / Accounts, BenignAccounts = Accounts };
    }

    /// <summary>The score from which an account is unlike benign ones: a quarter above what 99 of 100 of them stay under, since those to come differ from those that were.</summary>
    public double Threshold => 1.25 * _scores[_scores.Length * 99 / 100];

    /// <summary>Reads what <see cref="Export"/> wrote.</summary>
    /// <param name="json">The document.</param>
    public static Outcome<ConductCalibration> Import(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Document>(json, Json) is { } document && document.Scores.Count > 0 && AccountFeatures.Names.All(document.Features.ContainsKey)
                ? new ConductCalibration(
                    [.. AccountFeatures.Names.Select(name => document.Features[name].Median)], [.. AccountFeatures.Names.Select(name => Math.Max(AccountFeatures.ReachMin, document.Features[name].Reach))],
                    [.. document.Scores.Order()], document.Accounts, new Dictionary<string, Shown>(document.Signatures, StringComparer.Ordinal))
                : new Problem(ProblemCode.InvalidRequest, "The calibration lacks a feature that this version compares; make it anew with this version.", "calibration");
        }
        catch (JsonException fault)
        {
            return new Problem(ProblemCode.InvalidRequest, $"The calibration cannot be read: {fault.Message}", "calibration");
        }
    }

    /// <summary>Writes the calibration: for each feature two numbers, a hundred and one scores, and for each signature the parts of the calls that meet it.</summary>
    public string Export() => JsonSerializer.Serialize(
        new Document(
            Accounts,
            AccountFeatures.Names.Select((name, at) => (name, at)).Where(feature => double.IsFinite(_reach[feature.at])).ToDictionary(
                static feature => feature.name, feature => new Reached(Math.Round(_median[feature.at], 4), Math.Round(_reach[feature.at], 4)), StringComparer.Ordinal),
            Hundredths(_scores), _signatures.ToDictionary(static item => item.Key, static item => item.Value with { Shares = Hundredths(item.Value.Shares) }, StringComparer.Ordinal)),
        Json);

    /// <summary>Compares an account.</summary>
    /// <param name="sketch">Its sketch.</param>
    /// <param name="now">The instant that it is looked at.</param>
    public BenignComparison Compare(AccountSketch sketch, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(sketch);
        var features = AccountFeatures.Of(sketch.Month.Sum(now), sketch.Units);
        var score = Score(features);
        return new BenignComparison(
            score, 100.0 * _scores.Count(benign => benign < score) / _scores.Length,
            AccountFeatures.Names.Select((name, at) => (name, at)).ToDictionary(static feature => feature.name, feature => Beyond(features[feature.at], feature.at), StringComparer.Ordinal));
    }

    private static Dictionary<string, Shown> Shares(AccountSketch[] accounts, DateTimeOffset now) => accounts
        .SelectMany(sketch => new SketchFindings(sketch, now).Shares(SignatureCatalogue.Shipped))
        .GroupBy(static item => item.Signature, static item => item.Share, StringComparer.Ordinal)
        .ToDictionary(static item => item.Key, static item => new Shown(item.Count(static share => share > 0), [.. item.Where(static share => share > 0).Order()]), StringComparer.Ordinal);

    // All of a few values; of many every hundredth part.
    private static List<double> Hundredths(IReadOnlyList<double> sorted) =>
        [.. (sorted.Count <= 101 ? sorted : Enumerable.Range(0, 101).Select(part => sorted[(sorted.Count - 1) * part / 100])).Select(static value => Math.Round(value, 4))];

    // The length of what lies beyond: several features that are each a little beyond count together.
    private double Score(double[] features) => Math.Sqrt(features.Select(Beyond).Sum(static beyond => beyond * beyond));

    private double Beyond(double feature, int at) => Math.Clamp((feature - _median[at]) / _reach[at], 0, FeatureMax);

    private sealed record Reached(double Median, double Reach);

    // Of the benign accounts, so many meet a signature at all, with these parts of their calls.
    private sealed record Shown(int Accounts, List<double> Shares);

    private sealed record Document(int Accounts, IReadOnlyDictionary<string, Reached> Features, IReadOnlyList<double> Scores, IReadOnlyDictionary<string, Shown> Signatures);
}
