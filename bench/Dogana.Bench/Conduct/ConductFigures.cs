using Dogana.Bench.Figures;

namespace Dogana.Bench.Conduct;

/// <summary>The figures of conduct and their goals.</summary>
internal static class ConductFigures
{
    public static readonly FigureKind StrongTpr = new("strong_tpr_10pct", "share", Goal.AtLeast(0.95), "accounts that do a work which the catalogue has signatures for (generation, judging, benchmarks) in every tenth of 200 calls, the others chat or a benign application, and have a strong finding.");

    public static readonly FigureKind BenignFpr = new("benign_fpr", "share", Goal.AtMost(0.005), "benign accounts of 200 calls with a strong finding.");

    public static readonly FigureKind LofoTpr = new("lofo_tpr", "share", Goal.AtLeast(0.6), "the mean over families of the share of their accounts that is found when the catalogue lacks the family's signatures and the comparison with benign accounts only uses features that some family of another group lies beyond benign accounts in. The interval is of all these accounts together.");

    public static readonly FigureKind LofoFpr = new("lofo_fpr", "share", Goal.AtMost(0.01), "benign accounts, of other sources and rows than those that were compared with, found in the same way: the worst of all families left out.");

    public static readonly FigureKind HydraPrecision = new("hydra_precision", "share", Goal.AtLeast(0.9), "simulated: of the accounts in clusters, those that belong to one. The others are 50 customers of one open-source template, 40 behind one address, and 100 with nothing in common.");

    public static readonly FigureKind HydraRecall = new("hydra_recall", "share", Goal.AtLeast(0.9), "simulated: of the accounts of a hydra (20 to 200, each under every limit), those in a cluster.");

    public static readonly FigureKind ControlsClustered = new("hydra_controls_clustered", "share", null, "simulated: of the customers of one template and those behind one address, those in a cluster.");

    public static readonly FigureKind SweepFound = new("simulated_sweep_found", "share", null, "simulated: accounts that sweep biases under log probabilities in 30 of 200 calls and have a strong finding for it.");

    public static readonly FigureKind Online = new("online_us_per_kib", "µs CPU", Goal.AtMost(60), "one thread, the whole way from the request's bytes into the sketch, outputs of earlier calls looked for too; chat, applications and abuse mixed as the data have them.");

    public static readonly FigureKind State = new("state_kib", "KiB", Goal.AtMost(96), "the largest of: any account's sketch as written, and in memory that of an account made to fill every place.");

    public static readonly FigureKind Coverage = new("coverage_1k_calls", "share", Goal.Exactly(1), "calls of 2 KiB, 1,000 in a second, through a queue of 4,096 that drops when it is full, to one thread: those that were looked at.");

    public static FigureKind Family(string what, string family) => new($"{what}.{family}", "share", null, "");
}
