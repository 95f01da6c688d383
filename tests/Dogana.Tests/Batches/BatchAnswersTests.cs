using Dogana.Batches;
using Dogana.Metering;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Batches;

/// <summary>Each line answered once and charged once: what a crash between any two writes leaves, and what the next start makes of it.</summary>
public sealed class BatchAnswersTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_crash_leaves_lines_that_were_charged_answered_and_all_others_to_be_run(StoreKind kind)
    {
        await using var scene = await BatchScene.OpenAsync(stores, kind);
        Batch batch;
        string folder;
        await using (var node = await scene.NodeAsync("n1"))
        {
            folder = node.Folder;
            batch = await scene.StartAsync(node, 6);
            var block = (await node.Leases.TakeBlockAsync()).ShouldNotBeNull();

            // 1: all of it; 2: charged, not told; 3: kept, its call open; 4: kept, its call closed as not charged; 5: opened, not kept; 6: never begun.
            await node.AnswerAsync(block, 1);
            var charged = node.Open();
            await node.Answers.KeepAsync(block, 2, charged.Id, SceneNode.Content(2));
            await node.CloseAsync(charged);
            await node.Answers.KeepAsync(block, 3, node.Open().Id, SceneNode.Content(3));
            var failed = node.Open();
            await node.Answers.KeepAsync(block, 4, failed.Id, SceneNode.Content(4));
            await node.CloseAsync(failed, CallEnding.UpstreamFailed);
            node.Open();
        }

        await using var again = await scene.NodeAsync("n1", folder);
        await again.BeginAsync();
        var rest = (await again.Leases.TakeBlockAsync()).ShouldNotBeNull("its block is free again at once");

        rest.Answered.Order().ShouldBe([1, 2]);
        (await scene.FindAsync(batch.Id)).Completed.ShouldBe(2);
        (await again.Leases.ReadAsync(rest)).Value.Select(line => line.Number).ShouldBe([3, 4, 5, 6]);
        foreach (var line in new long[] { 3, 4, 5, 6 })
        {
            await again.AnswerAsync(rest, line);
        }

        await EndAsync(scene, again, rest);
        var ended = await scene.FindAsync(batch.Id);
        (ended.Status, ended.Completed, ended.Failed).ShouldBe((BatchStatus.Completed, 6, 0));
        (await scene.ReadAsync(ended.OutputFile)).ShouldBe(["id-1", "id-2", "id-3", "id-4", "id-5", "id-6"]);
        (await ChargedAsync(scene, again)).ShouldBe(6);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whoever_was_silent_for_too_long_keeps_nothing_and_what_it_may_have_charged_is_run_by_nobody_else(StoreKind kind)
    {
        await using var scene = await BatchScene.OpenAsync(stores, kind);
        await using var slow = await scene.NodeAsync("slow");
        await using var other = await scene.NodeAsync("other");
        var batch = await scene.StartAsync(slow, 3);
        var lost = (await slow.Leases.TakeBlockAsync()).ShouldNotBeNull();
        var kept = slow.Open();
        (await slow.Answers.KeepAsync(lost, 1, kept.Id, SceneNode.Content(1))).ShouldBeTrue();
        (await other.Leases.TakeBlockAsync()).ShouldBeNull("it is leased");

        scene.Time.Move(BatchLeases.LeaseTime + TimeSpan.FromSeconds(1));
        var taken = (await other.Leases.TakeBlockAsync()).ShouldNotBeNull();
        taken.Answered.ShouldBe([1L]);
        taken.Fence.ShouldBeGreaterThan(lost.Fence);
        var late = slow.Open();
        (await slow.Answers.KeepAsync(lost, 2, late.Id, SceneNode.Content(2))).ShouldBeFalse("the fence has moved");
        (await slow.Answers.FailAsync(lost, 3, SceneNode.Content(3))).ShouldBeFalse();
        await slow.CloseAsync(late, CallEnding.Interrupted);
        (await slow.Leases.RenewAsync()).ShouldBeEmpty();
        await other.AnswerAsync(taken, 2);
        await other.AnswerAsync(taken, 3);

        // Not done while one line is undecided; it is, once the slow one goes on.
        await other.Answers.ReleaseAsync(taken, scene.Time.GetUtcNow());
        await other.Leases.AdvanceAsync();
        (await scene.FindAsync(batch.Id)).Status.ShouldBe(BatchStatus.InProgress);
        await slow.CloseAsync(kept);
        await slow.Answers.ConfirmAsync(lost, 1, kept.Id);
        await slow.Answers.ReleaseAsync(lost, scene.Time.GetUtcNow()); // another's by now: nothing of the block changes, and all before it is written
        var rest = (await other.Leases.TakeBlockAsync()).ShouldNotBeNull();
        rest.Answered.Count.ShouldBe(3);
        await EndAsync(scene, other, rest);

        var ended = await scene.FindAsync(batch.Id);
        (ended.Status, ended.Completed).ShouldBe((BatchStatus.Completed, 3));
        (await scene.ReadAsync(ended.OutputFile)).ShouldBe(["id-1", "id-2", "id-3"]);
        (await ChargedAsync(scene, slow) + await ChargedAsync(scene, other)).ShouldBe(3);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_a_node_kept_that_was_given_up_is_given_and_not_run_again(StoreKind kind)
    {
        await using var scene = await BatchScene.OpenAsync(stores, kind);
        await using var gone = await scene.NodeAsync("gone");
        await using var other = await scene.NodeAsync("other");
        var batch = await scene.StartAsync(gone, 2);
        var lost = (await gone.Leases.TakeBlockAsync()).ShouldNotBeNull();
        await gone.Answers.KeepAsync(lost, 1, gone.Open().Id, SceneNode.Content(1));
        scene.Time.Move(BatchLeases.LeaseTime + TimeSpan.FromSeconds(1));
        var taken = (await other.Leases.TakeBlockAsync()).ShouldNotBeNull();
        await other.AnswerAsync(taken, 2);
        await other.Answers.ReleaseAsync(taken, scene.Time.GetUtcNow()); // behind all that was said of it

        await other.Answers.GiveUpAsync(["somebody"]);
        (await scene.FindAsync(batch.Id)).Completed.ShouldBe(1);
        await other.Answers.GiveUpAsync(["gone"]);
        await other.Answers.GiveUpAsync(["gone"]);
        await EndAsync(scene, other, (await other.Leases.TakeBlockAsync()).ShouldNotBeNull());

        var ended = await scene.FindAsync(batch.Id);
        (ended.Status, ended.Completed).ShouldBe((BatchStatus.Completed, 2));
        (await scene.ReadAsync(ended.OutputFile)).ShouldBe(["id-1", "id-2"]);
    }

    [Fact]
    public async Task A_call_that_holds_its_answer_is_not_decided_behind_its_back()
    {
        await using var scene = await BatchScene.OpenAsync(stores, StoreKind.Sqlite);
        await using var node = await scene.NodeAsync("n1");
        var batch = await scene.StartAsync(node, 2);
        var block = (await node.Leases.TakeBlockAsync()).ShouldNotBeNull();
        var call = node.Open();
        await node.Answers.KeepAsync(block, 1, call.Id, SceneNode.Content(1));

        await node.Answers.SettleAsync(_ => Task.CompletedTask);
        (await CountAsync(scene)).ShouldBe(1, "its call is under way");
        await node.CloseAsync(call, CallEnding.Interrupted);
        node.Answers.LetGo(call.Id);
        await node.Answers.SettleAsync(cancellation => UsageIntake.ShipAsync(scene.Store, node.Journal, null, cancellation));
        (await CountAsync(scene)).ShouldBe(0);
        (await scene.FindAsync(batch.Id)).Completed.ShouldBe(0);
    }

    private static Task<long> CountAsync(BatchScene scene) => scene.Store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from batch_answer"));

    private static async Task<int> ChargedAsync(BatchScene scene, SceneNode node)
    {
        await UsageIntake.ShipAsync(scene.Store, node.Journal);
        return (await scene.Store.ReadAsync(session => UsageRecords.ReadAfterAsync(session, 0, 1_000))).Count(record => record.Source == node.Journal.Node && record.Ending == CallEnding.Completed);
    }

    private static async Task EndAsync(BatchScene scene, SceneNode node, BlockLease last)
    {
        await node.Answers.ReleaseAsync(last, scene.Time.GetUtcNow());
        (await node.Leases.AdvanceAsync()).ShouldBe(1);
        var lease = (await node.Leases.TakeBatchAsync()).ShouldNotBeNull();
        (await node.Output.FinishAsync(lease)).ShouldBeNull();
    }
}
