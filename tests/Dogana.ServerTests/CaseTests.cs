using System.Net;
using Dogana.Authority;
using Dogana.Client;
using Dogana.ServerTests.Identity;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>A whole case over HTTP: three people of the owner, a customer, the seller of its channel, and deadlines that fire in the server.</summary>
public sealed class CaseTests(StoreFixture stores)
{
    private const string More = """
        dogana: 1
        terms:
          - id: use
            name: Terms of use
            owner: northwind
            versions:
              - { version: "1", effective_from: 2025-01-01, text_url: "https://northwind.example/1", serve: true, log: false, evaluate: true, train: false, competing_models: prohibited }
        notice_targets:
          - { id: lumen-mail, organisation: lumen, kind: email, address: ops@lumen.example }
          - { id: sky-hook, organisation: skyharbour, kind: webhook, url: "https://sky.example/hook", topics: ["case.*"] }
          - { id: own-mail, organisation: northwind, kind: email, address: conduct@northwind.example }
        conduct:
          - { owner: northwind, cure_days: 10, appeal_days: 30, interim_throttle_hours: 12 }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Three_people_and_a_customer_go_through_a_whole_case(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind, More);
        using var ann = host.Admin(await host.KeyAsync(new Grant(Role.ConductOfficer, GrantScope.Platform)));
        using var berta = host.Admin(await host.KeyAsync(new Grant(Role.Approver, GrantScope.Platform)));
        using var carl = host.Admin(await host.KeyAsync(new Grant(Role.AppealDecider, GrantScope.Platform)));
        using var eve = host.Admin(await host.KeyAsync(new Grant(Role.CustomerAdmin, GrantScope.Organisation("lumen"))));
        using var acme = host.Admin(await host.KeyAsync(new Grant(Role.CustomerAdmin, GrantScope.Organisation("acme"))));
        using var sky = host.Admin(await host.KeyAsync(new Grant(Role.ResellerAdmin, GrantScope.Channel("cloud"))));
        var now = host.Time.GetUtcNow();

        var signal = await ann.ReportSignalAsync(new ReportSignalRequest(
            "lumen", "northwind", "judge_template", "judge.pairwise", "3", "strong", now.AddDays(-5), now, 420, 500, 400, "420 pairwise comparisons, as acme makes them.", "An evaluation that the terms permit.",
            Linked: ["acme"], LinkingFact: "One network with acme."));
        var id = signal.Case!;
        (await eve.ListCasesAsync()).Data.ShouldBeEmpty("nobody told it yet");
        await RefusedAsync(eve.GetCaseAsync(id), HttpStatusCode.NotFound);
        (await ann.DoCaseAsync(id, "open", new CaseReasonRequest("Too many to be chance."))).State.ShouldBe("open");
        await RefusedAsync(ann.DoCaseAsync(id, "throttle", new ThrottleCaseRequest(5, 13, "While we look.")), HttpStatusCode.BadRequest);
        (await ann.DoCaseAsync(id, "throttle", new ThrottleCaseRequest(5, 12, "While we look."))).NextDueAt.ShouldNotBeNull();
        await RefusedAsync(berta.DoCaseAsync(id, "notice", Notice()), HttpStatusCode.Forbidden);
        (await ann.DoCaseAsync(id, "notice", Notice())).State.ShouldBe("cure");

        var seen = await eve.GetCaseAsync(id);
        seen.Signals.ShouldHaveSingleItem().Linked.ShouldHaveSingleItem().ShouldBe("account 2");
        seen.Events.Select(static happened => happened.By).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ShouldBe(["automation", "platform"]);
        var page = await eve.GetCasePageAsync(id);
        page.ShouldContain("the customer's view", Case.Insensitive);
        page.ShouldNotContain("acme", Case.Insensitive);
        page.ShouldNotContain("<script");
        page.ShouldNotContain("src=");
        page.ShouldBe(await sky.GetCasePageAsync(id));
        (await ann.GetCasePageAsync(id, forCustomer: true)).ShouldBe(page, "the owner can see what the customer sees");
        (await ann.GetCasePageAsync(id)).ShouldContain("acme");
        await RefusedAsync(acme.GetCaseAsync(id), HttpStatusCode.NotFound);
        await RefusedAsync(acme.DoCaseAsync(id, "answer", new CaseAnswerRequest("Not mine.")), HttpStatusCode.NotFound);

        await eve.DoCaseAsync(id, "answer", new CaseAnswerRequest("We evaluate a search engine."));
        await sky.DoCaseAsync(id, "answer", new CaseAnswerRequest("They told us before.", "cloud", "decline"));
        await RefusedAsync(sky.DoCaseAsync(id, "answer", new CaseAnswerRequest("For another.", "direct", "decline")), HttpStatusCode.NotFound);
        await RefusedAsync(ann.DoCaseAsync(id, "propose", Decision()), HttpStatusCode.Conflict);
        await StepAsync(host, TimeSpan.FromDays(10), ann, id, "review");

        (await ann.DoCaseAsync(id, "propose", Decision())).State.ShouldBe("proposed");
        (await eve.GetCaseAsync(id)).ShouldSatisfyAllConditions(static item => item.Proposal.ShouldBeNull(), static item => item.Events.ShouldNotContain(static happened => string.Equals(happened.Kind, "proposed", StringComparison.Ordinal)));
        await RefusedAsync(ann.DoCaseAsync(id, "approve", null), HttpStatusCode.Forbidden);
        var decided = await berta.DoCaseAsync(id, "approve", null);
        (decided.State, decided.Outcome).ShouldBe(("decided", "suspended"));
        (await ann.GetMeasureAsync(decided.Measure!)).Measure.ShouldSatisfyAllConditions(item => item.Case.ShouldBe(id), static item => item.State.ShouldBe("in_force"));
        (await ann.GetStandingAsync("lumen")).InGoodStanding.ShouldBeFalse();
        (await ann.VerifyCaseAsync(id)).Intact.ShouldBe(true);

        (await eve.DoCaseAsync(id, "appeal", new AppealCaseRequest("The outputs were never used for training."))).State.ShouldBe("appealed");
        await RefusedAsync(berta.DoCaseAsync(id, "decide-appeal", new DecideAppealRequest("grant", "Why.")), HttpStatusCode.Forbidden);
        (await carl.DoCaseAsync(id, "decide-appeal", new DecideAppealRequest("grant", "The logs bear them out."))).State.ShouldBe("reinstated");
        (await ann.GetStandingAsync("lumen")).InGoodStanding.ShouldBeTrue();
        (await ann.DoCaseAsync(id, "close", null)).State.ShouldBe("closed");

        using var owner = host.Admin(host.World.AdminKey);
        var told = (await owner.ListNoticeDeliveriesAsync()).Data.Where(static item => item.Topic.StartsWith("case.", StringComparison.Ordinal)).ToLookup(static item => item.Target, static item => item.Topic, StringComparer.Ordinal);
        told["lumen-mail"].Order(StringComparer.Ordinal).ShouldBe(["case.appealed", "case.closed", "case.cure_ended", "case.decided", "case.noticed", "case.reinstated"]);
        told["sky-hook"].Order(StringComparer.Ordinal).ShouldBe(["case.decided", "case.noticed", "case.reinstated"]);
        told["own-mail"].ShouldContain(static topic => topic == "case.seller_answered");
    }

    [Fact]
    public async Task An_owner_alone_cannot_play_all_parts()
    {
        await using var host = await AdminHost.StartAsync(stores, StoreKind.Sqlite, More);
        using var owner = host.Admin(host.World.AdminKey);
        var now = host.Time.GetUtcNow();
        var id = (await owner.ReportSignalAsync(new ReportSignalRequest("acme", "northwind", "judge_template", "judge.x", "1", "strong", now, now, 1, 1, 1, "Found.", "Allowed."))).Case!;
        await owner.DoCaseAsync(id, "open", new CaseReasonRequest("Why."));
        await owner.DoCaseAsync(id, "hold", Notice() with { Urgency = "It goes on." });
        await owner.DoCaseAsync(id, "propose", Decision());
        var refused = await Should.ThrowAsync<DoganaException>(() => owner.DoCaseAsync(id, "approve", null));
        (refused.Status, refused.Code).ShouldBe((409, "another_person_needed"));
    }

    private static CaseNoticeRequest Notice() => new("420 of 500 requests compared answers, as acme's did.", "use@1", "4.2");

    private static ProposeDecisionRequest Decision() => new("suspended", "It went on after the notice.", "use@1", "4.2");

    // The server's own work looks once a minute by the clock that is moved here.
    private static async Task StepAsync(AdminHost host, TimeSpan time, AdminClient admin, string id, string state)
    {
        host.Time.Move(time);
        for (var round = 0; round < 200 && (await admin.GetCaseAsync(id)).Case.State != state; round++)
        {
            await Task.Delay(50);
        }

        (await admin.GetCaseAsync(id)).Case.State.ShouldBe(state);
    }

    private static async Task RefusedAsync<T>(Task<T> act, HttpStatusCode status) => (await Should.ThrowAsync<DoganaException>(act)).Status.ShouldBe((int)status);
}
