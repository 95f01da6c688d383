namespace Dogana.Conduct;

/// <summary>What somebody wants of a case.</summary>
public abstract record CaseCommand
{
    private CaseCommand()
    {
    }

    /// <summary>An officer looks into it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Open(string Reason) : CaseCommand;

    /// <summary>There is nothing in it.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Dismiss(string Reason) : CaseCommand;

    /// <summary>Slows calls down for some hours; the only thing that automation may do.</summary>
    /// <param name="RequestsPerMinute">At least 1.</param>
    /// <param name="Hours">1 to the owner's <see cref="ConductSettings.InterimThrottleHours"/>.</param>
    /// <param name="Reason">For the customer.</param>
    public sealed record Throttle(long RequestsPerMinute, int Hours, string Reason) : CaseCommand;

    /// <summary>Suspends at once, by one person; where the customer was not told yet, this tells.</summary>
    /// <param name="Urgency">Why it cannot wait.</param>
    /// <param name="Statement">Why at all.</param>
    public sealed record Hold(string Urgency, StatementOfReasons Statement) : CaseCommand;

    /// <summary>Tells the customer, who then has time to answer and to put things right.</summary>
    /// <param name="Statement">What is held against it.</param>
    public sealed record Notice(StatementOfReasons Statement) : CaseCommand;

    /// <summary>The customer answers.</summary>
    /// <param name="Text">What it says.</param>
    public sealed record Answer(string Text) : CaseCommand;

    /// <summary>A channel's seller answers.</summary>
    /// <param name="Channel">The channel.</param>
    /// <param name="Decision">Would it adopt a measure?</param>
    /// <param name="Text">What it knows.</param>
    public sealed record SellerAnswer(string Channel, ChannelDecision Decision, string Text) : CaseCommand;

    /// <summary>Gives the customer more time.</summary>
    /// <param name="Until">Later than now granted, within a year.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Extend(DateTimeOffset Until, string Reason) : CaseCommand;

    /// <summary>Takes the notice back.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Withdraw(string Reason) : CaseCommand;

    /// <summary>Proposes a decision.</summary>
    /// <param name="Outcome">What is to be done.</param>
    /// <param name="Statement">Why.</param>
    /// <param name="RequestsPerMinute">For <see cref="CaseOutcome.Limited"/>: this or the other.</param>
    /// <param name="TokensPerDay">For <see cref="CaseOutcome.Limited"/>.</param>
    public sealed record Propose(CaseOutcome Outcome, StatementOfReasons Statement, long? RequestsPerMinute = null, long? TokensPerDay = null) : CaseCommand;

    /// <summary>Approves the proposal: another person.</summary>
    public sealed record Approve : CaseCommand;

    /// <summary>Rejects the proposal.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Reject(string Reason) : CaseCommand;

    /// <summary>The customer appeals.</summary>
    /// <param name="Text">What it says.</param>
    public sealed record Appeal(string Text) : CaseCommand;

    /// <summary>Decides the appeal: a third person.</summary>
    /// <param name="IsGranted">Is the decision taken back?</param>
    /// <param name="Reason">Why.</param>
    public sealed record DecideAppeal(bool IsGranted, string Reason) : CaseCommand;

    /// <summary>Takes back what was decided, without an appeal.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Lift(string Reason) : CaseCommand;

    /// <summary>Closes what is reinstated or upheld.</summary>
    public sealed record Close : CaseCommand;
}

/// <summary>What a step of a case does outside of it.</summary>
public abstract record CaseEffect
{
    private CaseEffect()
    {
    }

    /// <summary>Freezes the evidence.</summary>
    public sealed record Freeze : CaseEffect;

    /// <summary>Takes a measure.</summary>
    /// <param name="Measure">Its id.</param>
    /// <param name="Level">What it does.</param>
    /// <param name="Statement">Why, and about what.</param>
    /// <param name="ProposedBy">Who proposed it.</param>
    /// <param name="ApprovedBy">Who approved it.</param>
    /// <param name="Urgency">The ground where one was enough; null where two decided.</param>
    public sealed record Take(string Measure, MeasureLevel Level, StatementOfReasons Statement, CaseActor ProposedBy, CaseActor ApprovedBy, string? Urgency) : CaseEffect
    {
        /// <summary>For a throttle.</summary>
        public long? RequestsPerMinute { get; init; }

        /// <summary>For a limit.</summary>
        public long? TokensPerDay { get; init; }
    }

    /// <summary>Lifts a measure that this case took, if it still stands.</summary>
    /// <param name="Measure">Its id.</param>
    /// <param name="Reason">Why.</param>
    public sealed record Lift(string Measure, string Reason) : CaseEffect;
}

/// <summary>What a command or a deadline makes of a case.</summary>
/// <param name="Case">The case after it.</param>
/// <param name="Events">What happened, in order.</param>
/// <param name="Effects">What is to be done, in order.</param>
public sealed record CaseStep(ConductCase Case, IReadOnlyList<CaseEvent> Events, IReadOnlyList<CaseEffect> Effects);
