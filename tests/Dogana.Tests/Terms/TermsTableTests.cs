using Dogana.Catalog;
using Dogana.Parties;
using Dogana.Terms;

namespace Dogana.Tests.Terms;

public sealed class TermsTableTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Microsecond = TimeSpan.FromMicroseconds(1);
    private static readonly Model Clerk = new("clerk-1", "northwind", ModelKind.Chat, 512, 256);
    private static readonly Project Shop = new("shop", "acme", "direct");

    // In force and to be accepted by: 01 nothing, 02 from March accepted by April, 03 from May accepted by June.
    private static readonly TermsVersion First = Version("01", Now.AddMonths(-2), null) with { Log = true, Evaluate = true };
    private static readonly TermsVersion Second = Version("02", Now, Now.AddMonths(1)) with { Log = false };
    private static readonly TermsVersion Third = Version("03", Now.AddMonths(2), Now.AddMonths(3)) with { Log = true };

    [Fact]
    public void Without_terms_everything_is_allowed_and_nothing_is_found()
    {
        var decision = Decide([], Now);

        (decision.Verdict, decision.Findings.Count, decision.MayLog).ShouldBe((Verdict.Allow, 0, true));
    }

    [Fact]
    public void Who_has_not_accepted_is_told_from_the_first_instant_and_refused_from_the_last()
    {
        // Until it is in force, nothing of it shows.
        Decide([First, Second, Third], Now - Microsecond).Findings.ShouldHaveSingleItem().Rule.ShouldBe("terms use@01");

        // In the time to accept: allowed, told, and still under the version before it.
        foreach (var at in new[] { Now, Now.AddMonths(1) - Microsecond })
        {
            var told = Decide([First, Second, Third], at);
            (told.Verdict, told.MayLog).ShouldBe((Verdict.Allow, true));
            told.Findings.Select(finding => finding.Rule).ShouldBe(["terms use@02", "terms use@01"]);
            told.Findings[0].Text.ShouldContain("must be accepted before 2026-04-01 00:00:00Z");
        }

        // From accept_by on: refused, by name, with the remedy.
        var refused = Decide([First, Second, Third], Now.AddMonths(1));
        refused.Verdict.ShouldBe(Verdict.Deny);
        refused.Findings[0].Rule.ShouldBe("terms use@02");
        refused.Findings[0].Code.ShouldBe(ProblemCode.TermsNotAccepted);
        foreach (var part in new[] { "acme", "02", "Terms of northwind", "https://northwind.example/02", "dogana terms accept use --organisation acme", "POST /admin/v1/terms/use/acceptances" })
        {
            refused.Findings[0].Text.ShouldContain(part);
        }

        refused.MayLog.ShouldBeFalse("the version that had to be accepted holds for all");
    }

    [Fact]
    public void An_acceptance_counts_as_soon_as_it_is_recorded_and_covers_earlier_versions()
    {
        var at = Now.AddMonths(1).AddDays(1);
        Decide([First, Second], at, accepted: [("02", at)]).Verdict.ShouldBe(Verdict.Allow);
        Decide([First, Second], at, accepted: [("02", at.AddMinutes(1))]).Verdict.ShouldBe(Verdict.Allow, "the clock of the node that recorded it is ahead");
        Decide([First, Second], at, accepted: [("01", Now)]).Verdict.ShouldBe(Verdict.Deny, "an older one does not cover a newer one");
        Decide([First, Second, Third], at, accepted: [("03", Now)]).Verdict.ShouldBe(Verdict.Allow, "one that was only announced covers it");
        Decide([First, Second], at, accepted: [("02", Now)], organisation: "other").Verdict.ShouldBe(Verdict.Deny, "each for itself");
    }

    [Fact]
    public void In_a_time_to_accept_who_accepted_is_under_the_new_version_and_others_under_the_newest_that_holds()
    {
        var inSecond = Now.AddDays(1);
        Decide([First, Second], inSecond, accepted: [("02", Now)]).MayLog.ShouldBeFalse();
        Decide([First, Second], inSecond).MayLog.ShouldBeTrue();

        var inThird = Now.AddMonths(2);
        Decide([First, Second, Third], inThird, accepted: [("02", Now)]).MayLog.ShouldBeFalse();
        Decide([First, Second, Third], inThird, accepted: [("03", Now)]).MayLog.ShouldBeTrue();
        Decide([First, Second, Third], inThird).Verdict.ShouldBe(Verdict.Deny, "the second one was never accepted");

        // A version that nobody need accept holds for all, also behind one that is still to be accepted.
        var silent = Version("02b", Now.AddDays(2), null) with { Log = false };
        var decision = Decide([First, Second with { Log = true }, silent], Now.AddDays(3));
        decision.MayLog.ShouldBeFalse();
        decision.Findings.Select(finding => finding.Rule).ShouldBe(["terms use@02", "terms use@02b"]);

        // There is none before the first one.
        Decide([Second], inSecond).MayLog.ShouldBeFalse();
        Decide([Second], inSecond).Verdict.ShouldBe(Verdict.Allow);
    }

    [Fact]
    public void Every_flag_use_and_exception_together_decide_as_the_terms_say()
    {
        var cases = 0;
        foreach (var flags in Enumerable.Range(0, 8))
        {
            var (evaluate, train, competing) = ((flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0);
            foreach (var grants in Enumerable.Range(0, 8).Select(number => (LicenceScope)number))
            {
                foreach (var use in UseWords.All)
                {
                    var isGranted = use switch
                    {
                        "evaluation" => evaluate || grants.HasFlag(LicenceScope.Evaluate),
                        "training" => train || grants.HasFlag(LicenceScope.Train),
                        "distillation" => (train || grants.HasFlag(LicenceScope.Train)) && (competing || grants.HasFlag(LicenceScope.Compete)),
                        _ => true,
                    };
                    var version = Version("01", Now, null) with { Evaluate = evaluate, Train = train, AllowsCompetingModels = competing };

                    var decision = Decide([version], Now, uses: ["assistant", use], grants: grants);

                    decision.Verdict.ShouldBe(isGranted ? Verdict.Allow : Verdict.Deny, $"{version} {grants} {use}");
                    if (!isGranted)
                    {
                        decision.Findings[0].Code.ShouldBe(ProblemCode.UseNotPermitted);
                        decision.Findings[0].Text.ShouldContain($"'{use}'");
                        decision.Findings[0].Rule.ShouldBe("terms use@01");
                    }

                    cases++;
                }
            }
        }

        cases.ShouldBe(640);
    }

    [Fact]
    public void Exceptions_hold_in_their_time_for_their_organisation_and_terms()
    {
        TermsVersion[] versions = [Version("01", Now.AddYears(-1), null)];
        Decide(versions, Now - Microsecond, uses: ["training"], grants: LicenceScope.Train).Verdict.ShouldBe(Verdict.Deny);
        Decide(versions, Now, uses: ["training"], grants: LicenceScope.Train).Findings.Select(finding => finding.Rule).ShouldBe(["licence_exception exception", "terms use@01"]);
        Decide(versions, Now.AddDays(10) - Microsecond, uses: ["training"], grants: LicenceScope.Train).Verdict.ShouldBe(Verdict.Allow);
        Decide(versions, Now.AddDays(10), uses: ["training"], grants: LicenceScope.Train).Verdict.ShouldBe(Verdict.Deny);
        Decide(versions, Now, uses: ["training"], grants: LicenceScope.Train, organisation: "other").Verdict.ShouldBe(Verdict.Deny);
        Decide(versions, Now, uses: ["training"], grants: LicenceScope.Train, exceptionFrom: "others").Verdict.ShouldBe(Verdict.Deny);
    }

    [Fact]
    public void A_model_that_the_terms_do_not_serve_is_refused_whatever_is_granted()
    {
        var decision = Decide([Version("01", Now, null) with { Serve = false }], Now, grants: LicenceScope.Evaluate | LicenceScope.Train | LicenceScope.Compete);

        (decision.Verdict, decision.Findings[0].Code).ShouldBe((Verdict.Deny, ProblemCode.UseNotPermitted));
    }

    [Fact]
    public void Of_several_terms_the_strictest_counts_and_only_those_that_cover_the_call()
    {
        UsageTerms[] terms =
        [
            new("all", "All", "northwind", null, null, [Version("1", Now, null, "all")]),
            new("cloud", "Cloud", "northwind", null, ["cloud"], [Version("1", Now, null, "cloud") with { Log = false }]),
            new("other-model", "Other", "northwind", ["scribe-1"], null, [Version("1", Now, null, "other-model") with { Serve = false }]),
            new("other-owner", "Other", "elsewhere", null, null, [Version("1", Now, null, "other-owner") with { Serve = false }]),
        ];
        var table = new TermsTable(new TermsOnRecord(terms, [], [], []), Now);

        (table.Decide(Shop, "direct", Clerk).Verdict, table.Decide(Shop, "direct", Clerk).MayLog).ShouldBe((Verdict.Allow, true));
        (table.Decide(Shop, "cloud", Clerk).Verdict, table.Decide(Shop, "cloud", Clerk).MayLog).ShouldBe((Verdict.Allow, false));
        table.Decide(Shop, "cloud", Clerk).Findings.Count.ShouldBe(2);
        table.Decide(Shop, "cloud", Clerk with { Id = "scribe-1" }).Verdict.ShouldBe(Verdict.Deny);
    }

    [Fact]
    public void The_next_change_is_the_next_date_of_anything()
    {
        var record = Record([First, Second], [], ["training"], LicenceScope.Train, "use", usesTo: Now.AddDays(5));
        DateTimeOffset[] changes = [First.EffectiveFrom, Now, Now.AddDays(5), Now.AddDays(10), Now.AddMonths(1)];
        var (at, found) = (DateTimeOffset.MinValue, new List<DateTimeOffset>());
        while (new TermsTable(record, at).NextChange(at) is { } next)
        {
            found.Add(at = next);
        }

        found.ShouldBe(changes);
        new TermsTable(record, Now.AddDays(5) - Microsecond).UsesOf("shop").ShouldBe(["training"]);
        new TermsTable(record, Now.AddDays(5)).UsesOf("shop").ShouldBeEmpty();
        new TermsTable(record, Now).UsesOf("nobody").ShouldBeEmpty();
    }

    private static TermsDecision Decide(
        TermsVersion[] versions, DateTimeOffset at, (string Version, DateTimeOffset At)[]? accepted = null, string[]? uses = null, LicenceScope grants = LicenceScope.None,
        string organisation = "acme", string exceptionFrom = "use") =>
        new TermsTable(Record(versions, accepted ?? [], uses ?? [], grants, exceptionFrom), at).Decide(Shop with { Organisation = organisation }, "direct", Clerk);

    private static TermsOnRecord Record(
        TermsVersion[] versions, (string Version, DateTimeOffset At)[] accepted, string[] uses, LicenceScope grants, string exceptionFrom, DateTimeOffset? usesTo = null) => new(
        [new UsageTerms("use", "Terms of northwind", "northwind", null, null, versions)],
        [.. accepted.Select(item => new Acceptance("use", item.Version, "acme", "A. Person", item.At, "me"))],
        grants == LicenceScope.None ? [] : [new LicenceGrant("exception", "acme", exceptionFrom, grants, Now, Now.AddDays(10), "B. Person", "Why")],
        [.. uses.Distinct(StringComparer.Ordinal).Select(use => new DeclaredUse("shop", use, 1, "What for", usesTo))]);

    private static TermsVersion Version(string name, DateTimeOffset from, DateTimeOffset? acceptBy, string terms = "use") =>
        new(terms, name, from, acceptBy, Serve: true, Log: true, Evaluate: false, Train: false, AllowsCompetingModels: false) { TextUrl = $"https://northwind.example/{name}" };
}
