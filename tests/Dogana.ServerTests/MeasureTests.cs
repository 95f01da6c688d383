using Dogana.Client;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>Measures and standing as an owner's and a reseller's people meet them: over the admin API, and by verbs.</summary>
public sealed class MeasureTests(StoreFixture stores)
{
    private const string Review = """
        dogana: 1
        agreements: [{ id: northwind-cloud, owner: northwind, channel: cloud, measures: review, review_within_hours: 72 }]
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Two_admin_keys_put_a_measure_in_force_and_the_reseller_decides_on_its_channel(StoreKind kind)
    {
        await using var world = await TestWorld.CreateAsync(stores, kind, more: Review);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var ann = new AdminClient(server.CreateClient(), world.AdminKey);
        using var berta = new AdminClient(server.CreateClient(), (await ann.CreateKeyAsync(new NewKeyRequest("berta", "admin"))).Text);

        var proposed = await ann.ProposeMeasureAsync(new ProposeMeasureRequest("lumen-group", "northwind", "terminate", "Outputs trained a competing model."));
        (proposed.State, proposed.Organisation, await StatusAsync("lumen-lab")).ShouldBe(("proposed", "lumen-group", 200));
        (await Should.ThrowAsync<DoganaException>(() => ann.ApproveMeasureAsync(proposed.Id))).Message.ShouldContain("Another person approves it");
        (await berta.ApproveMeasureAsync(proposed.Id)).State.ShouldBe("in_force");

        (await StatusAsync("lumen-lab")).ShouldBe(403);
        (await StatusAsync("lumen-app")).ShouldBe(200, "the reseller has three days");
        (await StatusAsync("acme-shop")).ShouldBe(200);
        var standing = await ann.GetStandingAsync("lumen");
        standing.InGoodStanding.ShouldBeFalse();
        standing.Owners.Single().Measures.Single().Channels.Select(static item => $"{item.Channel} {item.Reach}").ShouldBe(["cloud under_review", "direct holds"]);

        (await berta.DecideMeasureAsync(proposed.Id, new DecideMeasureRequest("cloud", "adopt", "Seen the evidence."))).Decision.ShouldBe("adopt");
        (await StatusAsync("lumen-app")).ShouldBe(403);
        var detail = await ann.GetMeasureAsync(proposed.Id);
        detail.Members.Select(static member => member.Organisation).ShouldBe(["lumen", "lumen-group"]);
        detail.Decisions.Single().Reason.ShouldBe("Seen the evidence.");

        (await Should.ThrowAsync<DoganaException>(() => ann.LiftAsync(proposed.Id))).Status.ShouldBe(400);
        (await ann.LiftAsync(proposed.Id, "Settled.")).LiftReason.ShouldBe("Settled.");
        (await StatusAsync("lumen-lab"), await StatusAsync("lumen-app")).ShouldBe((200, 200));
        (await ann.ListMeasuresAsync(state: "lifted")).Single().Id.ShouldBe(proposed.Id);
        (await ann.ListMeasuresAsync(organisation: "acme")).ShouldBeEmpty();

        using var http = server.CreateClient(world.AdminKey);
        (await http.GetStringAsync("/admin/v1/measures?limit=1")).ShouldStartWith("{\"data\":[{\"id\":");
        (await http.GetStringAsync($"/admin/v1/measures?after={proposed.Id}")).ShouldBe("{\"data\":[],\"next\":null}");
        (await http.GetStringAsync("/admin/v1/measures")).ShouldStartWith("[{\"id\":");

        async Task<int> StatusAsync(string project)
        {
            using var client = server.CreateClient(world.Key(project));
            using var response = await client.PostAsync("/v1/embeddings", new StringContent("""{"model":"use-lite","input":"hello"}"""));
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task A_list_with_nothing_in_it_is_refused_by_name_and_one_admin_key_alone_puts_nothing_in_force_by_a_file()
    {
        const string file = "dogana: 1\nmeasures: [{ id: m-1, organisation: lumen, owner: northwind, level: terminate, reason: Why., proposed_by: ann, approved_by: berta }]";
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var http = server.CreateClient(world.AdminKey);
        using var ann = new AdminClient(server.CreateClient(), world.AdminKey);
        using var berta = new AdminClient(server.CreateClient(), (await ann.CreateKeyAsync(new NewKeyRequest("berta", "admin"))).Text);

        foreach (var (path, field) in new[] { ("", "models"), ("", "channels"), ("/propose", "models"), ("/propose", "channels") })
        {
            var body = $$"""{"organisation":"lumen","owner":"northwind","reason":"Why.","level":"suspend","{{field}}":[null]}""";
            using var refused = await http.PostAsync("/admin/v1/measures" + path, new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
            ((int)refused.StatusCode, (await refused.Content.ReadAsStringAsync()).Contains($"\"{field}\"", StringComparison.Ordinal)).ShouldBe((400, true), $"{path} {field}");
        }

        (await Should.ThrowAsync<DoganaException>(() => ann.ProposeMeasureAsync(
            new ProposeMeasureRequest("lumen", "northwind", "warn", "Why.", From: new DateTimeOffset(9999, 12, 31, 0, 0, 0, TimeSpan.Zero))))).Status.ShouldBe(400);

        var change = (await ann.ApplyAsync(file, "m.yaml", dryRun: false)).Changes.ShouldHaveSingleItem();
        (change.Kind, change.Type).ShouldBe(("created", "measure_proposal"));
        (await ann.GetMeasureAsync("m-1")).Measure.State.ShouldBe("proposed");
        (await Should.ThrowAsync<DoganaException>(() => ann.ApproveMeasureAsync("m-1"))).Message.ShouldContain("Another person approves it");
        (await berta.ApproveMeasureAsync("m-1")).State.ShouldBe("in_force");
    }

    [Fact]
    public async Task Two_operators_of_a_store_do_the_same_by_verbs_and_standing_says_how_it_is()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, more: Review);

        (await VerbAsync("ann", 0, "standing", "lumen")).ShouldBe("northwind: in good standing\n");
        var proposed = await VerbAsync("ann", 0, "measure", "propose", "lumen", "--owner", "northwind", "--level", "throttle", "--requests-per-minute", "5", "--models", "clerk-1,use-lite", "--reason", "Too fast.");
        proposed.ShouldContain("is proposed by operator/ann");
        var id = proposed.Split(' ')[2];
        (await VerbAsync("ann", 0, "standing", "lumen")).ShouldBe("northwind: in good standing\n");
        (await VerbAsync("ann", 1, "measure", "approve", id)).ShouldContain("DOGANA_OPERATOR");
        (await VerbAsync("berta", 0, "measure", "approve", id)).ShouldContain("holds from");
        (await VerbAsync("ann", 0, "measure", "decide", id, "--channel", "cloud", "--decline", "--reason", "Within the terms.")).ShouldContain("does not hold");

        var standing = await VerbAsync("ann", 1, "standing", "lumen", "--why");
        standing.ShouldContain("NOT in good standing");
        standing.ShouldContain($"throttle (measure {id}): Too fast.");
        standing.ShouldContain("channel cloud: declined");
        standing.ShouldContain("channel direct: holds");
        standing.ShouldContain("member: the measure is against it");
        standing.ShouldContain("by operator/ann: Within the terms.");
        (await VerbAsync("ann", 0, "standing", "acme")).ShouldContain("in good standing");
        (await VerbAsync("ann", 1, "standing", "nobody")).ShouldContain("No organisation has the id 'nobody'");
        (await VerbAsync("ann", 0, "measure", "show", id)).ShouldContain("models clerk-1, use-lite; channels *, 5 requests a minute");
        (await VerbAsync("ann", 1, "measure", "release", id, "lumen", "--reason", "Sold.")).ShouldContain("Lift the measure instead");
        (await VerbAsync("ann", 0, "measure", "lift", id)).ShouldContain("is lifted");
        (await VerbAsync("ann", 0, "standing", "lumen")).ShouldBe("northwind: in good standing\n");
        (await VerbAsync("a b", 1, "measure", "list")).ShouldContain("DOGANA_OPERATOR is a name");
        (await VerbAsync("ann", 2, "measure", "decide", id, "--channel", "cloud", "--reason", "x")).ShouldContain("Give --adopt or --decline");
        (await VerbAsync("ann", 2, "measure", "propose", "lumen", "--owner", "northwind", "--level", "warn", "--from", "soon", "--reason", "x")).ShouldContain("'soon' is not a date");

        async Task<string> VerbAsync(string name, int exit, params string[] arguments)
        {
            var (code, output, error) = await DoganaProcess.RunAsync(
                new Dictionary<string, string>(StringComparer.Ordinal) { ["DOGANA_OPERATOR"] = name }, [.. arguments, "--data", world.Folder]);
            code.ShouldBe(exit, output + error);
            return output + error;
        }
    }
}
