namespace Dogana.Conduct;

/// <summary>What looks for one kind of conduct. Stored by name; grows by appending.</summary>
public enum Detector
{
    /// <summary>Questions of public benchmarks.</summary>
    BenchmarkOverlap = 1,

    /// <summary>Templates that have training examples generated or evolved.</summary>
    GenerationTemplate = 2,

    /// <summary>Templates that have answers judged, rated or compared.</summary>
    JudgeTemplate = 3,

    /// <summary>The owner's own outputs, pasted back.</summary>
    OwnOutput = 4,

    /// <summary>Reasoning drawn out of the model in bulk.</summary>
    ReasoningElicitation = 5,

    /// <summary>Log probabilities swept with biases.</summary>
    LogitSweep = 6,

    /// <summary>One template with ever new slots, or ever new instructions without a template.</summary>
    TemplateHarvest = 7,

    /// <summary>Far more labels or grades than the declared use explains.</summary>
    LabelRatio = 8,

    /// <summary>A machine's regularity: round the clock, at the quota's edge, a step after a model's release.</summary>
    Regularity = 9,

    /// <summary>Accounts that share links and split one work between them.</summary>
    LinkedAccounts = 10,

    /// <summary>A shift against the account's own past or its declared use.</summary>
    BaselineShift = 11,
}

/// <summary>How much a finding says by itself. Stored by name.</summary>
public enum FindingStrength
{
    /// <summary>A reason to ask, together with others a reason to look.</summary>
    Weak = 1,

    /// <summary>A reason to open a case. People decide all the same.</summary>
    Strong = 2,
}

/// <summary>What a detector found in the calls of an account within a window. Holds no text of a customer.</summary>
/// <param name="Account">Whose calls.</param>
/// <param name="Detector">What looked.</param>
/// <param name="Signature">The signature of the catalogue that was met: <c>judge.pairwise</c>.</param>
/// <param name="SignatureVersion">Its version.</param>
/// <param name="Strength">How much it says.</param>
/// <param name="FirstAt">The first call that met it.</param>
/// <param name="LastAt">The last one.</param>
/// <param name="Requests">How many calls met it.</param>
/// <param name="OfRequests">Of how many that were looked at in the same time.</param>
/// <param name="DistinctItems">How many different things it met: questions, slots, rated answers. Repeats and other traffic do not change it.</param>
/// <param name="Statement">What was found, in a sentence.</param>
/// <param name="Innocent">What would explain it innocently.</param>
public sealed record ConductFinding(
    ConductAccount Account, Detector Detector, string Signature, string SignatureVersion, FindingStrength Strength,
    DateTimeOffset FirstAt, DateTimeOffset LastAt, long Requests, long OfRequests, long DistinctItems, string Statement, string Innocent)
{
    /// <summary>Ids of calls that met it, at most <see cref="CallIdsMax"/>.</summary>
    public IReadOnlyList<string> CallIds { get; init; } = [];

    /// <summary>The most call ids that one bears.</summary>
    public const int CallIdsMax = 20;

    /// <summary>How many of a hundred benign accounts show less of it, 0 to 100; null where it was not calibrated.</summary>
    public double? BenignPercentile { get; init; }

    /// <summary>By how many benign accounts that was measured.</summary>
    public int? BenignAccounts { get; init; }

    /// <summary>The other accounts of the cluster, for <see cref="Detector.LinkedAccounts"/> and for what was found in a cluster together.</summary>
    public IReadOnlyList<string> Linked { get; init; } = [];

    /// <summary>What links them; null where nothing does.</summary>
    public string? LinkingFact { get; init; }
}
