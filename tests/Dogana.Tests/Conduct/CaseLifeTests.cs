using System.Globalization;
using Dogana.Conduct;
using Dogana.Testing.Cases;

namespace Dogana.Tests.Conduct;

/// <summary>The life of a case, without a store.</summary>
public sealed class CaseLifeTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly ConductSettings Settings = new("owner");
    private static readonly StatementOfReasons Reasons = new("420 of 500 requests.", "use@1", "4.2");
    private static readonly CaseActor Ann = new("ann", "ann", CaseSide.Platform), Berta = new("berta", "berta", CaseSide.Platform), Carl = new("carl", "carl", CaseSide.Platform),
        Customer = new("eve", "eve", CaseSide.Customer);

    [Fact]
    public void Random_people_and_clocks_break_no_promise()
    {
        var sequences = int.Parse(Environment.GetEnvironmentVariable("DOGANA_CASE_SEQUENCES") ?? "20000", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("DOGANA_CASE_SEED") ?? "7", CultureInfo.InvariantCulture);
        var result = CaseSimulation.Run(seed, sequences);

        result.Violations.ShouldBeEmpty();
        result.Reached.Keys.Order().ShouldBe(Enum.GetValues<CaseState>().Except([CaseState.Triage]).Concat(result.Reached.ContainsKey(CaseState.Triage) ? [CaseState.Triage] : []).Order(), "every state was lived through");
        result.Accepted.ShouldBeGreaterThan(sequences * 5L);
    }

    [Fact]
    public void The_same_seed_gives_the_same() => CaseSimulation.Run(3, 50).Accepted.ShouldBe(CaseSimulation.Run(3, 50).Accepted);

    [Fact]
    public void A_broken_promise_is_seen()
    {
        var watch = new CaseWatch(Settings);
        var step = CaseLife.Begin("c", new ConductAccount("acme", "owner"), "why", Ann, Settings, Now);
        watch.See(null, null, step, Now);
        watch.See(null, null, step with { Events = [], Effects = [new CaseEffect.Take("c.1", MeasureLevel.Suspend, Reasons, Ann, Ann, null)] }, Now);
        watch.Violations.ShouldContain(static text => text == "a hard measure without frozen evidence and a notice");
        watch.Violations.ShouldContain(static text => text == "a hard measure by one person without a ground");
    }

    [Fact]
    public void Three_people_a_notice_and_time_lead_to_a_suspension_and_back()
    {
        var item = Do(Begin(), new CaseCommand.Open("why"), Ann, Now);
        item = Do(item, new CaseCommand.Notice(Reasons), Ann, Now);
        (item.State, item.CureUntil, item.Statement!.RedressBy).ShouldBe((CaseState.Cure, Now.AddDays(14), Now.AddDays(14)));
        Refused(item, new CaseCommand.Propose(CaseOutcome.Suspended, Reasons), Ann, Now.AddDays(13)).ShouldBe(ProblemCode.CaseStateRefused);

        item = Do(item, new CaseCommand.Propose(CaseOutcome.Suspended, Reasons), Ann, Now.AddDays(14));
        Refused(item, new CaseCommand.Approve(), Ann with { Name = "key-1" }, Now.AddDays(14)).ShouldBe(ProblemCode.AnotherPersonNeeded);
        var decided = CaseLife.Do(item, new CaseCommand.Approve(), Berta, Settings, Now.AddDays(14)).Value;
        var take = decided.Effects.ShouldHaveSingleItem().ShouldBeOfType<CaseEffect.Take>();
        (take.Level, take.ProposedBy, take.ApprovedBy, take.Statement.RedressBy).ShouldBe((MeasureLevel.Suspend, Ann, Berta, Now.AddDays(194)));

        item = Do(decided.Case, new CaseCommand.Appeal("We did not."), Customer, Now.AddDays(20));
        Refused(item, new CaseCommand.DecideAppeal(true, "why"), Berta, Now.AddDays(21)).ShouldBe(ProblemCode.AnotherPersonNeeded);
        var back = CaseLife.Do(item, new CaseCommand.DecideAppeal(true, "why"), Carl, Settings, Now.AddDays(21)).Value;
        back.Effects.ShouldBe([new CaseEffect.Lift(take.Measure, "why")]);
        Do(back.Case, new CaseCommand.Close(), Ann, Now.AddDays(22)).State.ShouldBe(CaseState.Closed);
    }

    [Fact]
    public void What_cannot_wait_needs_a_person_and_a_ground_and_tells_the_customer_in_the_same_step()
    {
        var open = Do(Begin(), new CaseCommand.Open("why"), Ann, Now);
        Refused(open, new CaseCommand.Hold("", Reasons), Ann, Now).ShouldBe(ProblemCode.InvalidRequest);
        Refused(open, new CaseCommand.Hold("now", Reasons), CaseActor.Automation, Now).ShouldBe(ProblemCode.Forbidden);
        var held = CaseLife.Do(open, new CaseCommand.Hold("It goes on.", Reasons), Ann, Settings, Now).Value;
        held.Effects.Select(static effect => effect.GetType()).ShouldBe([typeof(CaseEffect.Freeze), typeof(CaseEffect.Take)]);
        (held.Case.State, held.Case.NoticedAt, held.Case.Interim!.Urgency).ShouldBe((CaseState.Review, Now, "It goes on."));
        Do(held.Case, new CaseCommand.Propose(CaseOutcome.Suspended, Reasons), Ann, Now).State.ShouldBe(CaseState.Proposed, "urgency leaves no cure period");
    }

    [Fact]
    public void Automation_slows_down_once_and_for_so_many_hours_only()
    {
        var triage = Begin();
        Refused(triage, new CaseCommand.Throttle(5, 25, "why"), CaseActor.Automation, Now).ShouldBe(ProblemCode.InvalidRequest);
        var slowed = Do(triage, new CaseCommand.Throttle(5, 24, "why"), CaseActor.Automation, Now);
        CaseLife.DueAt(slowed).ShouldBe(Now.AddHours(24));
        var after = CaseLife.Advance(slowed, Now.AddHours(24));
        after.Events.ShouldHaveSingleItem().Kind.ShouldBe(CaseEventKind.ThrottleEnded);
        Refused(after.Case, new CaseCommand.Throttle(5, 1, "why"), CaseActor.Automation, Now.AddHours(25)).ShouldBe(ProblemCode.Forbidden);
        Do(after.Case, new CaseCommand.Throttle(5, 24, "why"), Ann, Now.AddHours(25)).Interim.ShouldNotBeNull();
    }

    private static ConductCase Begin() => CaseLife.Begin("c", new ConductAccount("acme", "owner"), "why", CaseActor.Automation, Settings, Now).Case;

    private static ConductCase Do(ConductCase item, CaseCommand command, CaseActor actor, DateTimeOffset now) => CaseLife.Do(item, command, actor, Settings, now).Value.Case;

    private static ProblemCode? Refused(ConductCase item, CaseCommand command, CaseActor actor, DateTimeOffset now) => CaseLife.Do(item, command, actor, Settings, now).Problem?.Code;
}
