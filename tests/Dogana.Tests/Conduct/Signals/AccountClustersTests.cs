using Dogana.Conduct;

namespace Dogana.Tests.Conduct.Signals;

public sealed class AccountClustersTests
{
    private const string Work = "Turn the notes of the field trip into entries of the register.\nNotes of the trip:";

    private readonly SignalsScene _scene = new();
    private readonly List<AccountSketch> _sketches = [];

    [Fact]
    public void Accounts_that_split_one_work_over_shared_networks_are_one_cluster()
    {
        Hydra(12, static (at, call) => (ulong)(100 + ((at + call) % 3)), static _ => 5, static at => SignalsScene.Now.AddDays(-at));
        Others();
        var cluster = AccountClusters.Find(_sketches, SignalsScene.Now).ShouldHaveSingleItem();
        cluster.Accounts.Count.ShouldBe(12);
        cluster.Accounts.ShouldAllBe(static account => account.Organisation.StartsWith("hydra", StringComparison.Ordinal));
        cluster.LinkingFact.ShouldContain("networks");
        cluster.SlotOverlap.ShouldBeLessThan(0.1);
    }

    [Fact]
    public void Accounts_that_began_together_with_one_client_are_one_cluster_though_each_has_a_network_of_its_own()
    {
        Hydra(10, static (at, _) => (ulong)(100 + at), static _ => 5, static at => SignalsScene.Now.AddDays(-9).AddHours(at));
        Others();
        AccountClusters.Find(_sketches, SignalsScene.Now).ShouldHaveSingleItem().LinkingFact.ShouldContain("within a day");
    }

    [Fact]
    public void Customers_of_one_open_source_template_are_no_cluster()
    {
        Hydra(50, static (at, _) => (ulong)(100 + at), static _ => 5, static at => SignalsScene.Now.AddDays(-3 * at));
        AccountClusters.Find(_sketches, SignalsScene.Now).ShouldBeEmpty();
    }

    [Fact]
    public void Customers_behind_one_address_are_no_cluster()
    {
        for (var at = 0; at < 30; at++)
        {
            var own = $"You are a helpful assistant.\n{SignalsScene.Text(at * 1_000, 9)}.\n{SignalsScene.Text(at * 2_000, 8)}:";
            Account($"nat-{at}", static _ => 77, (ulong)at, SignalsScene.Now.AddDays(-at), call => $"{own}\n{SignalsScene.Text((at * 50_000) + call)}");
        }

        AccountClusters.Find(_sketches, SignalsScene.Now).ShouldBeEmpty();
    }

    [Fact]
    public void Replicas_that_send_the_same_inputs_split_no_work()
    {
        for (var at = 0; at < 8; at++)
        {
            Account($"replica-{at}", static _ => 77, 5, SignalsScene.Now.AddDays(-9), static call => $"{Work}\n{SignalsScene.Text(call)}");
        }

        AccountClusters.Find(_sketches, SignalsScene.Now).ShouldBeEmpty();
    }

    [Fact]
    public void What_no_account_does_enough_of_is_found_in_the_cluster()
    {
        for (var at = 0; at < 8; at++)
        {
            var first = at * 50_000;
            Account($"hydra-{at}", static _ => 77, 5, SignalsScene.Now.AddDays(-9), call => call < 3
                ? $"Select the better one.\nCompletion A: {SignalsScene.Text(first + call)}\nCompletion B: {SignalsScene.Text(first + call)} no"
                : $"{Work}\n{SignalsScene.Text(first + call)}");
        }

        _sketches.ShouldAllBe(static sketch => SignalsScene.Strong(sketch).Length == 0);
        var findings = AccountClusters.Find(_sketches, SignalsScene.Now).ShouldHaveSingleItem().Findings(SignatureCatalogue.Shipped, null, SignalsScene.Now);
        var linked = findings[0];
        linked.Detector.ShouldBe(Detector.LinkedAccounts);
        linked.Strength.ShouldBe(FindingStrength.Strong);
        linked.Linked.Count.ShouldBe(7);
        findings.ShouldContain(static finding => finding.Signature == "judge.preference" && finding.DistinctItems == 24 && finding.LinkingFact != null);
    }

    private void Hydra(int count, Func<int, int, ulong> network, Func<int, ulong> client, Func<int, DateTimeOffset> born)
    {
        for (var at = 0; at < count; at++)
        {
            var (account, first) = (at, at * 50_000);
            Account($"hydra-{at}", call => network(account, call), client(at), born(at), call => call % 2 == 0 ? $"{Work}\n{SignalsScene.Text(first + call)}" : $"My {SignalsScene.Text(first + call)}?");
        }
    }

    private void Others()
    {
        for (var at = 0; at < 20; at++)
        {
            var (own, other) = ($"{SignalsScene.Text(at * 3_000, 9)}.", (ulong)(1_000 + at));
            Account($"other-{at}", _ => other, 5, SignalsScene.Now.AddDays(-at), call => $"{own}\n{SignalsScene.Text((at * 70_000) + call)}");
        }
    }

    private void Account(string name, Func<int, ulong> network, ulong client, DateTimeOffset born, Func<int, string> prompt)
    {
        var sketch = new AccountSketch(new ConductAccount(name, "owner"));
        for (var at = 0; at < 40; at++)
        {
            sketch.Observe(SignalsScene.Call(sketch, prompt(at), born.AddMinutes(at)) with { Network = network(at), Client = client }, _scene.Reader);
        }

        _sketches.Add(sketch);
    }
}
