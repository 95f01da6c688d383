using System.Globalization;

namespace Dogana.Conduct.Cases;

/// <summary>Who may do what to a case in which state, and how it must be written.</summary>
internal static class CaseRules
{
    private const int LineMax = 500;

    /// <summary>What is wrong with a command, or null.</summary>
    public static Problem? Check(ConductCase item, CaseCommand command, CaseActor actor, ConductSettings settings, DateTimeOffset now) =>
        CheckSide(command, actor) ?? CheckState(item, command) ?? CheckText(command) ?? CheckPersons(item, command, actor) ?? CheckNumbers(item, command, actor, settings, now);

    /// <summary>A text of several lines, or the problem.</summary>
    public static Problem? CheckText(string? text, string field) =>
        string.IsNullOrWhiteSpace(text) || text.Length > StatementOfReasons.FactsMax || text.Any(static c => char.IsControl(c) && c != '\n')
            ? new Problem(ProblemCode.InvalidRequest, $"'{field}' is a text of 1 to {StatementOfReasons.FactsMax} characters, with no control characters but line ends.", field)
            : null;

    /// <summary>A text on one line, or the problem.</summary>
    public static Problem? CheckLine(string? text, string field, int max = LineMax) =>
        string.IsNullOrWhiteSpace(text) || text.Length > max || text.Any(char.IsControl)
            ? new Problem(ProblemCode.InvalidRequest, $"'{field}' is a text of 1 to {max} characters on one line.", field)
            : null;

    public static string Words(CaseState state) => state switch
    {
        CaseState.Triage => "in triage",
        CaseState.Cure => "in its cure period",
        CaseState.Review => "under review",
        CaseState.Proposed => "waiting for the approval of a decision",
        _ => EnumWords.Of(state),
    };

    // Automation slows down and does nothing else; customers and sellers speak for themselves.
    private static Problem? CheckSide(CaseCommand command, CaseActor actor)
    {
        var wanted = command is CaseCommand.Answer or CaseCommand.Appeal ? CaseSide.Customer : command is CaseCommand.SellerAnswer ? CaseSide.Seller : CaseSide.Platform;
        return actor.Side == wanted || (actor.Side == CaseSide.Automation && command is CaseCommand.Throttle) ? null : new Problem(
            ProblemCode.Forbidden, $"That is not for the {EnumWords.Of(actor.Side)} to do. {(actor.Side == CaseSide.Automation ? "A person decides." : $"The {EnumWords.Of(wanted)} does it.")}");
    }

    private static Problem? CheckState(ConductCase item, CaseCommand command)
    {
        CaseState[] allowed = command switch
        {
            CaseCommand.Open => [CaseState.Triage],
            CaseCommand.Dismiss => [CaseState.Triage, CaseState.Open],
            CaseCommand.Throttle => [CaseState.Triage, CaseState.Open, CaseState.Cure, CaseState.Review],
            CaseCommand.Hold => [CaseState.Open, CaseState.Cure, CaseState.Review],
            CaseCommand.Notice => [CaseState.Open],
            CaseCommand.Answer or CaseCommand.SellerAnswer or CaseCommand.Withdraw => [CaseState.Cure, CaseState.Review, CaseState.Proposed],
            CaseCommand.Extend => [CaseState.Cure],
            CaseCommand.Propose { Outcome: CaseOutcome.NoAction } => [CaseState.Cure, CaseState.Review],
            CaseCommand.Propose => item.Urgency is null ? [CaseState.Review] : [CaseState.Cure, CaseState.Review],
            CaseCommand.Approve or CaseCommand.Reject => [CaseState.Proposed],
            CaseCommand.Appeal => [CaseState.Decided],
            CaseCommand.DecideAppeal => [CaseState.Appealed],
            CaseCommand.Lift => [CaseState.Decided, CaseState.Upheld, CaseState.Closed],
            _ => [CaseState.Reinstated, CaseState.Upheld],
        };
        return !allowed.Contains(item.State)
            ? new Problem(ProblemCode.CaseStateRefused, $"The case '{item.Id}' is {Words(item.State)}. This needs one that is {string.Join(" or ", allowed.Select(Words))}.")
            : command is CaseCommand.Lift && (item.Decision?.Measure is null || item.ReinstatedAt is not null)
                ? new Problem(ProblemCode.CaseStateRefused, $"Nothing of the case '{item.Id}' stands. There is nothing to lift.")
            : command is CaseCommand.Hold && item.Interim?.Urgency is not null
                ? new Problem(ProblemCode.CaseStateRefused, $"The case '{item.Id}' has a hold already. Decide the case, or withdraw it.")
            : command is CaseCommand.Throttle && item.Interim is not null
                ? new Problem(ProblemCode.CaseStateRefused, $"The case '{item.Id}' has an interim measure already. Wait for its end, or decide the case.")
            : null;
    }

    private static Problem? CheckText(CaseCommand command) => command switch
    {
        CaseCommand.Open c => CheckLine(c.Reason, "reason"),
        CaseCommand.Dismiss c => CheckLine(c.Reason, "reason"),
        CaseCommand.Throttle c => CheckLine(c.Reason, "reason"),
        CaseCommand.Hold c => CheckLine(c.Urgency, "urgency") ?? CheckStatement(c.Statement),
        CaseCommand.Notice c => CheckStatement(c.Statement),
        CaseCommand.Answer c => CheckText(c.Text, "text"),
        CaseCommand.SellerAnswer c => CheckText(c.Text, "text"),
        CaseCommand.Extend c => CheckLine(c.Reason, "reason"),
        CaseCommand.Withdraw c => CheckLine(c.Reason, "reason"),
        CaseCommand.Propose c => CheckStatement(c.Statement),
        CaseCommand.Reject c => CheckLine(c.Reason, "reason"),
        CaseCommand.Appeal c => CheckText(c.Text, "text"),
        CaseCommand.DecideAppeal c => CheckLine(c.Reason, "reason"),
        CaseCommand.Lift c => CheckLine(c.Reason, "reason"),
        _ => null,
    };

    private static Problem? CheckStatement(StatementOfReasons statement) =>
        CheckText(statement.Facts, "facts") ?? CheckLine(statement.Terms, "terms", 200) ?? CheckLine(statement.Clause, "clause", 200);

    // Nobody decides twice: three steps, three people; nor does anybody decide what they wrote for the customer.
    private static Problem? CheckPersons(ConductCase item, CaseCommand command, CaseActor actor)
    {
        (CaseActor? Other, string Did)[] others = command switch
        {
            CaseCommand.Approve => [(item.Proposal!.ProposedBy, "proposed the decision")],
            CaseCommand.DecideAppeal =>
            [
                (item.Decision!.ProposedBy, "proposed the decision"), (item.Decision.ApprovedBy, "approved the decision"), (item.Appeal!.By, "sent the appeal"),
            ],
            _ => [],
        };
        var same = others.FirstOrDefault(other => other.Other is not null && (other.Other.Person == actor.Person || other.Other.Name == actor.Name));
        return same.Did is null ? null : new Problem(
            ProblemCode.AnotherPersonNeeded,
            $"'{actor.Name}' {same.Did}. Another person does this: a user with the role, another admin key that the same user did not make, or, on a store without a server, under another name in DOGANA_OPERATOR.");
    }

    private static Problem? CheckNumbers(ConductCase item, CaseCommand command, CaseActor actor, ConductSettings settings, DateTimeOffset now) => command switch
    {
        CaseCommand.Throttle throttle =>
            actor.Side == CaseSide.Automation && item.WasThrottledByAutomation
                ? new Problem(ProblemCode.Forbidden, $"The case '{item.Id}' was slowed down by automation once. A person decides what comes next.")
            : throttle.Hours < 1 || throttle.Hours > settings.InterimThrottleHours
                ? Wrong("hours", string.Create(CultureInfo.InvariantCulture, $"'hours' must be 1 to {settings.InterimThrottleHours}."))
            : throttle.RequestsPerMinute < 1 ? Wrong("requests_per_minute", "'requests_per_minute' must be 1 or more.")
            : null,
        CaseCommand.Extend extend => extend.Until <= item.CureUntil ? Wrong("until", $"The customer has until {item.CureUntil:u} already. Give a later instant.")
            : extend.Until > now + CaseLife.ExtensionMax ? Wrong("until", "'until' must lie within a year.")
            : null,
        CaseCommand.Propose propose =>
            propose.Outcome == CaseOutcome.Limited != (propose.RequestsPerMinute is null != propose.TokensPerDay is null)
                || (propose.Outcome != CaseOutcome.Limited && propose.RequestsPerMinute is not null) || propose.RequestsPerMinute < 1 || propose.TokensPerDay < 1
                ? Wrong("requests_per_minute", "The outcome limited, and no other, has requests_per_minute or tokens_per_day: one of them, 1 or more.")
            : propose.Statement.Until <= now ? Wrong("until", "It would be over already. Give a later 'until', or none.")
            : null,
        CaseCommand.Approve => item.Proposal!.Statement.Until <= now
            ? new Problem(ProblemCode.Conflict, "What is proposed would have ended already. Reject it and propose another.", "until")
            : null,
        _ => null,
    };

    private static Problem Wrong(string field, string message) => new(ProblemCode.InvalidRequest, message, field);
}
