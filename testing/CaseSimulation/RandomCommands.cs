using Dogana.Conduct;

namespace Dogana.Testing.Cases;

/// <summary>Random commands by random actors at random times: mostly such as could be meant, sometimes anything.</summary>
/// <param name="random">Where chance comes from.</param>
public sealed class RandomCommands(Random random)
{
    private static readonly string[] People = ["ann", "berta", "carl", "dora"];

    /// <summary>The owner's settings, by chance.</summary>
    public ConductSettings Settings { get; } = new("owner")
    {
        TriageHours = random.Next(1, 100), CureDays = random.Next(1, 30), AppealDays = random.Next(1, 60), AppealDecisionDays = random.Next(1, 40), InterimThrottleHours = random.Next(1, 48), InterimRequestsPerMinute = 5,
    };

    /// <summary>Now.</summary>
    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Lets time pass: mostly little, sometimes as long as a deadline.</summary>
    public void Wait() => Now += random.Next(4) switch
    {
        0 => TimeSpan.FromDays(random.Next(1, 20)),
        1 => TimeSpan.FromHours(random.Next(1, 48)),
        _ => TimeSpan.FromMinutes(random.Next(60)),
    };

    /// <summary>Does a node look after deadlines just now?</summary>
    public bool IsTick() => random.Next(3) == 0;

    /// <summary>A command and whoever gives it.</summary>
    public (CaseCommand Command, CaseActor Actor) Next(ConductCase item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var command = random.Next(3) > 0 ? Fitting(item.State) : Any(random.Next(16));
        var side = random.Next(10) == 0 ? Enum.GetValues<CaseSide>()[random.Next(4)]
            : command is CaseCommand.Answer or CaseCommand.Appeal ? CaseSide.Customer
            : command is CaseCommand.SellerAnswer ? CaseSide.Seller
            : command is CaseCommand.Throttle && random.Next(2) == 0 ? CaseSide.Automation
            : CaseSide.Platform;
        var person = People[random.Next(People.Length)];
        return (command, side == CaseSide.Automation ? CaseActor.Automation : new CaseActor(random.Next(2) == 0 ? person : "key-of-" + person, person, side));
    }

    private CaseCommand Fitting(CaseState state) => state switch
    {
        CaseState.Triage => Any(random.Next(4) == 0 ? 2 : 0),
        CaseState.Open => Any(random.Next(5) switch { 0 => 2, 1 => 3, _ => 4 }),
        CaseState.Cure => Any(random.Next(6) switch { 0 => 2, 1 => 3, 2 => 5, 3 => 7, _ => 9 }),
        CaseState.Review => Any(random.Next(6) switch { 0 => 3, 1 => 5, _ => 9 }),
        CaseState.Proposed => Any(random.Next(5) == 0 ? 11 : 10),
        CaseState.Decided => Any(random.Next(3) == 0 ? 14 : 12),
        CaseState.Appealed => Any(13),
        CaseState.Reinstated or CaseState.Upheld => Any(15),
        _ => Any(14),
    };

    private CaseCommand Any(int kind) => kind switch
    {
        0 => new CaseCommand.Open("why"),
        1 => new CaseCommand.Dismiss("why"),
        2 => new CaseCommand.Throttle(random.Next(0, 10), random.Next(0, 60), "why"),
        3 => new CaseCommand.Hold(random.Next(5) == 0 ? "" : "it goes on", Statement()),
        4 => new CaseCommand.Notice(Statement()),
        5 => new CaseCommand.Answer("we did not"),
        6 => new CaseCommand.SellerAnswer("cloud", ChannelDecision.Adopt, "we know them"),
        7 => new CaseCommand.Extend(Now.AddDays(random.Next(-5, 60)), "they asked"),
        8 => new CaseCommand.Withdraw("why"),
        9 => Propose(),
        10 => new CaseCommand.Approve(),
        11 => new CaseCommand.Reject("why"),
        12 => new CaseCommand.Appeal("we did not"),
        13 => new CaseCommand.DecideAppeal(random.Next(2) == 0, "why"),
        14 => new CaseCommand.Lift("why"),
        _ => new CaseCommand.Close(),
    };

    private CaseCommand.Propose Propose()
    {
        var outcome = Enum.GetValues<CaseOutcome>()[random.Next(5)];
        var isLimited = outcome == CaseOutcome.Limited && random.Next(5) > 0;
        return new CaseCommand.Propose(
            outcome, Statement() with { Until = random.Next(4) == 0 ? Now.AddDays(random.Next(-1, 30)) : null }, isLimited && random.Next(2) == 0 ? 5 : null, isLimited ? random.Next(2) == 0 ? 100 : null : null);
    }

    private StatementOfReasons Statement() => new(random.Next(20) == 0 ? "" : "420 of 500 requests", random.Next(20) == 0 ? "" : "use@1", "4.2");
}
