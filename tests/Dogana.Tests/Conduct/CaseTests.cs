using System.Security.Cryptography;
using System.Text;
using Dogana.Conduct;
using Dogana.Parties;
using Dogana.Testing.Cases;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Conduct;

/// <summary>Cases on both stores.</summary>
public sealed class CaseTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = ConductScene.Now;

    public static TheoryData<StoreKind> Stores => [StoreKind.Sqlite, StoreKind.Postgres];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_reinstated_customer_stands_exactly_as_before_the_case(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind);
        await store.TakeAsync(new MeasureProposal("bytes-media", "owner", MeasureLevel.Warn, "An older one.") { Models = ["m2"] });
        var before = await store.StandsAsync(Now);
        var id = (await store.RecordAsync(CaseScene.Found(), Now)).Case!;
        await store.DoAsync(id, new CaseCommand.Open("Too many."), "ann", Now);
        await store.DoAsync(id, new CaseCommand.Throttle(5, 24, "While we look."), "ann", Now);
        (await store.StandsAsync(Now) == before).ShouldBeFalse();
        await store.DoAsync(id, new CaseCommand.Hold("It goes on.", CaseScene.Reasons), "ann", Now.AddHours(1));
        await store.DoAsync(id, new CaseCommand.Propose(CaseOutcome.Suspended, CaseScene.Reasons), "ann", Now.AddHours(2));
        var decided = await store.DoAsync(id, new CaseCommand.Approve(), "berta", Now.AddHours(3));
        var measure = (await store.ReadAsync(session => Measures.FindAsync(session, decided.Decision!.Measure!))).Value;
        (measure.Case, measure.Level, measure.ProposedBy, measure.ApprovedBy, measure.Urgency).ShouldBe((id, MeasureLevel.Suspend, "ann", "berta", null));
        (await store.StandingAsync(Now.AddHours(3))).Find("bytes-media", "owner", "m1", "cloud").ShouldHaveSingleItem().Measure.Id.ShouldBe(measure.Id);

        await store.DoAsync(id, new CaseCommand.Appeal("We did not."), "eve", Now.AddDays(1), CaseSide.Customer);
        await store.DoAsync(id, new CaseCommand.DecideAppeal(true, "The logs bear them out."), "carl", Now.AddDays(2));
        (await store.StandsAsync(Now.AddDays(2))).ShouldBe(before);
        (await store.DoAsync(id, new CaseCommand.Close(), "ann", Now.AddDays(3))).State.ShouldBe(CaseState.Closed);
        (await store.ActionsAsync()).ShouldContain(static action => action == "case.reinstated");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_finding_that_comes_again_is_one_signal_and_one_case(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind);
        var first = await store.RecordAsync(CaseScene.Found(), Now);
        for (var minute = 1; minute <= 20; minute++)
        {
            (await store.RecordAsync(CaseScene.Found() with { Requests = 420 + minute, OfRequests = 600 }, Now.AddMinutes(minute))).Id.ShouldBe(first.Id);
        }

        var signals = await store.ReadAsync(session => ConductSignals.ListAsync(session, null, "", 10));
        signals.ShouldHaveSingleItem().Finding.Requests.ShouldBe(440);
        (await store.ReadAsync(session => ConductCases.ListAsync(session, null, "", 10))).ShouldHaveSingleItem();
        (await store.ToldAsync("owner")).ShouldBe(["case.triaged"]);
        ((await store.RecordAsync(CaseScene.Found(), Now.AddDays(31))).Id == first.Id).ShouldBeFalse("its window is over");
        (await store.ReadAsync(session => ConductCases.ListAsync(session, null, "", 10))).ShouldHaveSingleItem("the account has one case that is not decided");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_weak_signal_is_a_question_first_and_a_case_only_without_an_answer(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind);
        var first = await store.RecordAsync(CaseScene.Found(FindingStrength.Weak), Now);
        (first.State, (await store.RecordAsync(CaseScene.Found(FindingStrength.Weak, "label.ratio"), Now)).State).ShouldBe((SignalState.Asked, SignalState.Asked));
        var question = (await store.ReadAsync(session => UseQuestions.ListAsync(session, "", 10))).Single(item => item.Signal == first.Id).Id;
        (await store.WriteAsync(session => UseQuestions.AnswerAsync(session, question, ["search", "poetry"], "x", "eve", Now.AddDays(1)))).Problem!.Param.ShouldBe("uses");
        (await store.WriteAsync(session => UseQuestions.AnswerAsync(session, question, ["search"], "A search engine.", "eve", Now.AddDays(1)))).Problem.ShouldBeNull();
        (await store.WriteAsync(session => UseQuestions.AnswerAsync(session, question, ["search"], "Again.", "eve", Now.AddDays(1)))).Problem!.Code.ShouldBe(ProblemCode.CaseStateRefused);
        (await store.TickAsync(Now.AddDays(6))).ShouldBe(0);
        (await store.TickAsync(Now.AddDays(7))).ShouldBe(1);
        (await store.TickAsync(Now.AddDays(7))).ShouldBe(0, "each deadline once");
        var item = (await store.ReadAsync(session => ConductCases.ListAsync(session, null, "", 10))).ShouldHaveSingleItem();
        (await store.ReadAsync(session => ConductSignals.OfCaseAsync(session, item.Id))).ShouldHaveSingleItem().Finding.Signature.ShouldBe("label.ratio");
        (await store.ToldAsync("bytes-media")).ShouldBe(["case.question", "case.question"]);
        (await store.ToldAsync("owner")).ShouldBe(["case.question_answered", "case.triaged"]);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_owner_that_only_observes_asks_tells_and_slows_down_nobody(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind, settings: new ConductSettings("owner") { IsObserveOnly = true, InterimRequestsPerMinute = 5 });
        (await store.RecordAsync(CaseScene.Found(), Now)).State.ShouldBe(SignalState.Observed);
        (await store.RecordAsync(CaseScene.Found(FindingStrength.Weak, "label.ratio"), Now)).State.ShouldBe(SignalState.Observed);
        (await store.ReadAsync(session => ConductCases.ListAsync(session, null, "", 10))).ShouldBeEmpty();
        (await store.ReadAsync(session => UseQuestions.ListAsync(session, "", 10))).ShouldBeEmpty();
        (await store.ReadAsync(Measures.ReadAsync)).ShouldBeEmpty();
        (await store.ToldAsync("bytes-media")).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Deadlines_do_their_work_once_whoever_asks_and_however_late(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind, settings: new ConductSettings("owner") { InterimRequestsPerMinute = 5, AppealDays = 30 });
        var id = (await store.RecordAsync(CaseScene.Found(), Now)).Case!;
        var slowed = (await store.StandingAsync(Now)).Find("bytes-media", "owner", "m1", "cloud").ShouldHaveSingleItem().Measure;
        (slowed.Level, slowed.RequestsPerMinute, slowed.EndsAt, slowed.ApprovedBy).ShouldBe((MeasureLevel.Throttle, 5L, Now.AddHours(24), "automation"));
        (await store.StandingAsync(Now.AddHours(24))).Find("bytes-media", "owner", "m1", "cloud").ShouldBeEmpty();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => store.TickAsync(Now.AddHours(72))));
        (await KindsAsync(id)).ShouldBe([CaseEventKind.Triaged, CaseEventKind.Throttled, CaseEventKind.ThrottleEnded, CaseEventKind.Escalated]);
        await store.DoAsync(id, new CaseCommand.Open("Late."), "ann", Now.AddDays(4));
        await store.DoAsync(id, new CaseCommand.Notice(CaseScene.Reasons), "ann", Now.AddDays(4));
        await store.DoAsync(id, new CaseCommand.Extend(Now.AddDays(20), "They asked."), "ann", Now.AddDays(5));
        await store.TickAsync(Now.AddDays(19));
        (await StateAsync(id)).ShouldBe(CaseState.Cure);
        await store.TickAsync(Now.AddDays(20));
        (await StateAsync(id)).ShouldBe(CaseState.Review);
        await store.DoAsync(id, new CaseCommand.Propose(CaseOutcome.Warning, CaseScene.Reasons), "ann", Now.AddDays(21));
        await store.DoAsync(id, new CaseCommand.Approve(), "berta", Now.AddDays(21));
        (await store.TryAsync(id, new CaseCommand.Appeal("Too late."), "eve", Now.AddDays(51), CaseSide.Customer)).Problem!.Code.ShouldBe(ProblemCode.CaseStateRefused);
        await store.TickAsync(Now.AddDays(60));
        (await StateAsync(id)).ShouldBe(CaseState.Closed);
        (await store.StandingAsync(Now.AddDays(60))).Find("bytes-media", "owner", "m1", "cloud").ShouldHaveSingleItem().Measure.Level.ShouldBe(MeasureLevel.Warn, "what was decided stays");
        (await store.ToldAsync("owner")).Count(static topic => topic == "case.escalated").ShouldBe(1);

        async Task<CaseEventKind[]> KindsAsync(string of) => [.. (await store.ReadAsync(session => ConductCases.ReadEventsAsync(session, of))).Select(static happened => happened.Kind)];

        async Task<CaseState> StateAsync(string of) => (await store.ReadAsync(session => ConductCases.FindAsync(session, of))).Value.State;
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task An_appeal_that_nobody_decides_is_told_once_and_an_upheld_case_closes_by_itself(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind, settings: new ConductSettings("owner") { AppealDecisionDays = 10 });
        var id = (await store.RecordAsync(CaseScene.Found(), Now)).Case!;
        await store.DoAsync(id, new CaseCommand.Open("A look."), "ann", Now);
        await store.DoAsync(id, new CaseCommand.Notice(CaseScene.Reasons), "ann", Now);
        await store.DoAsync(id, new CaseCommand.Propose(CaseOutcome.Warning, CaseScene.Reasons), "ann", Now.AddDays(15));
        await store.DoAsync(id, new CaseCommand.Approve(), "berta", Now.AddDays(15));
        await store.DoAsync(id, new CaseCommand.Appeal("Nothing was trained."), "eve", Now.AddDays(16), CaseSide.Customer);
        await store.TickAsync(Now.AddDays(25));
        (await store.ToldAsync("owner")).ShouldNotContain(static topic => topic == "case.escalated");
        await store.TickAsync(Now.AddDays(27));
        await store.TickAsync(Now.AddDays(40));
        (await store.ToldAsync("owner")).Count(static topic => topic == "case.escalated").ShouldBe(1);
        (await store.ToldAsync("bytes-media")).ShouldNotContain(static topic => topic == "case.escalated");

        await store.DoAsync(id, new CaseCommand.DecideAppeal(IsGranted: false, "The logs say otherwise."), "carl", Now.AddDays(41));
        await store.TickAsync(Now.AddDays(70));
        (await StateAsync()).ShouldBe(CaseState.Upheld);
        await store.TickAsync(Now.AddDays(72));
        (await StateAsync()).ShouldBe(CaseState.Closed);

        async Task<CaseState> StateAsync() => (await store.ReadAsync(session => ConductCases.FindAsync(session, id))).Value.State;
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_finding_that_is_refused_keeps_no_other_from_being_recorded(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind);
        var stranger = CaseScene.Found() with { Account = new ConductAccount("gone", "owner") };
        var refused = await store.WriteAsync(session => ConductSignals.RecordAsync(session, [stranger, CaseScene.Found()], Now));
        refused.ShouldHaveSingleItem().Message.ShouldContain("gone");
        (await store.ReadAsync(session => ConductSignals.ListAsync(session, state: null, "", 10))).ShouldHaveSingleItem().Finding.Account.ShouldBe(CaseScene.Media);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Evidence_is_frozen_when_the_customer_is_told_and_names_no_other_tenant_to_it(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind);
        var ring = await stores.OpenRingAsync(store);
        var id = (await store.RecordAsync(CaseScene.Found(), Now)).Case!;
        (await AddAsync("call-0", "early", true)).Problem!.Code.ShouldBe(ProblemCode.EvidenceClosed);
        (await store.ReadAsync(ConductCases.ReadOpenAsync)).ShouldBeEmpty();
        await store.DoAsync(id, new CaseCommand.Open("Too many."), "ann", Now);
        (await store.ReadAsync(ConductCases.ReadOpenAsync)).Keys.ShouldBe([CaseScene.Media]);
        (await AddAsync("call-1", "Which answer is better?", true)).Value.ShouldBe(1);
        (await AddAsync("call-2", "kept nowhere", false)).Value.ShouldBe(2);
        (await AddAsync("call-1", "again", true)).Value.ShouldBe(2, "the same call is one excerpt");
        for (var number = 3; number <= CaseEvidence.ExcerptsMax; number++)
        {
            (await AddAsync($"call-{number}", "x", true)).Problem.ShouldBeNull();
        }

        (await AddAsync("call-21", "x", true)).Problem!.Code.ShouldBe(ProblemCode.EvidenceClosed);
        (await store.ReadAsync(session => session.QueryAsync<string>("select body from conduct_excerpt where body is not null"))).ShouldAllBe(static body => !body.Contains("better"));
        (await store.ReadAsync(session => CaseEvidence.VerifyAsync(session, ring, id))).Value.IsIntact.ShouldBeNull();

        await store.DoAsync(id, new CaseCommand.Notice(CaseScene.Reasons), "ann", Now);
        (await AddAsync("call-22", "late", true)).Problem!.Code.ShouldBe(ProblemCode.EvidenceClosed);
        var (full, redacted) = await store.ReadAsync(async session => (await CaseEvidence.ReadBundleAsync(session, id, false), await CaseEvidence.ReadBundleAsync(session, id, true)));
        var check = (await store.ReadAsync(session => CaseEvidence.VerifyAsync(session, ring, id))).Value;
        (check.IsIntact, check.Hash).ShouldBe((true, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(full!)))));
        full!.ShouldContain("\"linked\":[\"other\"]");
        redacted!.ShouldContain("account 2");
        System.Text.RegularExpressions.Regex.IsMatch(redacted!, @"\bother\b", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldBeFalse(redacted);
        (await store.ReadAsync(session => session.QueryAsync<string>("select body from notice where organisation = 'bytes-media' and topic = 'case.noticed'"))).ShouldHaveSingleItem().ShouldContain("So did account 2.");

        await store.WriteAsync(session => session.ExecuteAsync("update conduct_evidence set bundle = replace(bundle, '420', '421')"));
        (await store.ReadAsync(session => CaseEvidence.VerifyAsync(session, ring, id))).Value.IsIntact.ShouldBe(false);

        Task<Outcome<int>> AddAsync(string call, string text, bool mayLog) => store.WriteAsync(session => CaseEvidence.AddExcerptAsync(session, ring, id, new CaseExcerpt(call, Now, text, mayLog)));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Texts_are_erased_when_a_case_is_long_over_and_the_hash_stays(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind, settings: new ConductSettings("owner") { RetentionDays = 10 });
        var ring = await stores.OpenRingAsync(store);
        var id = (await store.RecordAsync(CaseScene.Found(), Now)).Case!;
        await store.DoAsync(id, new CaseCommand.Open("Too many."), "ann", Now);
        await store.DoAsync(id, new CaseCommand.Notice(CaseScene.Reasons), "ann", Now);
        await store.DoAsync(id, new CaseCommand.Answer("A secret of ours."), "eve", Now, CaseSide.Customer);
        await store.DoAsync(id, new CaseCommand.Withdraw("It was another one."), "ann", Now);
        var hash = (await store.ReadAsync(session => CaseEvidence.VerifyAsync(session, ring, id))).Value.Hash;
        (await store.TickAsync(Now.AddDays(9))).ShouldBe(0);
        (await store.TickAsync(Now.AddDays(10))).ShouldBe(1);
        (await store.TickAsync(Now.AddDays(11))).ShouldBe(0);
        var check = (await store.ReadAsync(session => CaseEvidence.VerifyAsync(session, ring, id))).Value;
        (check.IsIntact, check.Hash).ShouldBe((null, hash));
        (await store.ReadAsync(session => ConductCases.ReadEventsAsync(session, id))).ShouldAllBe(static happened => !happened.Text.Contains("secret"));
        (await store.ReadAsync(session => session.QueryAsync<string>("select body from conduct_case"))).ShouldHaveSingleItem().ShouldNotContain("420 of 500");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, MeasureFlow.Review, true)]
    [InlineData(StoreKind.Postgres, MeasureFlow.Review, true)]
    [InlineData(StoreKind.Sqlite, MeasureFlow.None, false)]
    public async Task A_case_reaches_the_seller_whose_agreement_says_so_and_its_answer_comes_back(StoreKind kind, MeasureFlow flow, bool isReached)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind, flow);
        var id = (await store.RecordAsync(CaseScene.Found(), Now)).Case!;
        await store.DoAsync(id, new CaseCommand.Open("Too many."), "ann", Now);
        await store.DoAsync(id, new CaseCommand.Notice(CaseScene.Reasons), "ann", Now);
        (await store.ToldAsync("reseller")).ShouldBe(isReached ? ["case.noticed"] : []);
        (await store.ToldAsync("bytes-media")).ShouldBe(["case.noticed"]);
        var answered = await store.TryAsync(id, new CaseCommand.SellerAnswer("cloud", ChannelDecision.Decline, "They told us before."), "rita", Now, CaseSide.Seller);
        answered.Problem?.Code.ShouldBe(ProblemCode.NotFound);
        (answered.Problem is null).ShouldBe(isReached);
        (await store.TryAsync(id, new CaseCommand.SellerAnswer("street", ChannelDecision.Decline, "Nothing of ours."), "sam", Now, CaseSide.Seller)).Problem!.Param.ShouldBe("channel");
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task A_notice_needs_terms_that_are_in_force_and_leaves_nothing_behind_without(StoreKind kind)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind);
        var id = (await store.RecordAsync(CaseScene.Found(), Now)).Case!;
        await store.DoAsync(id, new CaseCommand.Open("Too many."), "ann", Now);
        var audited = (await store.ActionsAsync()).Count;
        (await store.TryAsync(id, new CaseCommand.Notice(CaseScene.Reasons with { Terms = "use@9" }), "ann", Now)).Problem!.Message.ShouldContain("Name one of use@1");
        (await store.TryAsync(id, new CaseCommand.Notice(CaseScene.Reasons with { Models = ["m3"] }), "ann", Now)).Problem!.Param.ShouldBe("models");
        (await store.ReadAsync(session => ConductCases.FindAsync(session, id))).Value.State.ShouldBe(CaseState.Open);
        (await store.ActionsAsync()).Count.ShouldBe(audited);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, 11, 12)]
    [InlineData(StoreKind.Postgres, 12, 6)]
    public async Task Random_commands_on_a_store_do_what_the_pure_case_does_and_what_stands_is_what_it_says(StoreKind kind, int seed, int sequences)
    {
        await using var store = await stores.OpenCaseSceneAsync(kind);
        for (var number = 0; number < sequences; number++)
        {
            var random = new RandomCommands(new Random((seed * 1_000) + number));
            await store.WriteAsync(session => ConductSettings.DeclareAsync(session, [random.Settings with { InterimRequestsPerMinute = null }]));
            var account = CaseScene.Media with { Organisation = ConductScene.Organisations[3 + (number % 4)] };
            var start = Now.AddYears(number) - random.Now;
            var id = (await store.RecordAsync(CaseScene.Found(signature: $"s{number}") with { Account = account }, random.Now + start)).Case!;
            for (var count = 0; count < 25; count++)
            {
                random.Wait();
                var now = random.Now + start;
                if (random.IsTick())
                {
                    await store.TickAsync(now);
                }

                var before = (await store.ReadAsync(session => ConductCases.FindAsync(session, id))).Value;
                var (command, actor) = random.Next(before);
                var pure = CaseLife.Do(before, command, actor, random.Settings, now);
                var done = await store.TryAsync(id, command, actor.Person, now, actor.Side);
                if (pure.Problem is not null)
                {
                    done.Problem!.Code.ShouldBe(pure.Problem.Code, $"seed {seed}, case {number}, {command}: {done.Problem.Message}");
                }

                var after = (await store.ReadAsync(session => ConductCases.FindAsync(session, id))).Value;
                var standing = (await store.ReadAsync(Measures.ReadAsync)).Where(measure => measure.Case == id && measure.IsStandingAt(now)).Select(static measure => measure.Id);
                string?[] known = [after.Interim?.Measure, after.ReinstatedAt is null ? after.Decision?.Measure : null];
                standing.Except(known.OfType<string>(), StringComparer.Ordinal).ShouldBeEmpty($"seed {seed}, case {number}");
                (await store.ReadAsync(session => ConductCases.ReadEventsAsync(session, id))).Count.ShouldBe(after.Events);
            }
        }
    }
}
