using Dogana.Batches;
using Dogana.Files;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Batches;

public sealed class BatchLeasesTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Projects_take_turns_and_no_block_is_run_by_two(StoreKind kind)
    {
        await using var scene = await BatchScene.OpenAsync(stores, kind);
        await using var first = await scene.NodeAsync("n1");
        await using var second = await scene.NodeAsync("n2");
        var large = await scene.StartAsync(first, 1_000, "large");
        var small = await scene.StartAsync(first, 201, "small");
        (large.Total, small.Model).ShouldBe((1_000, "m"));

        var taken = new List<BlockLease>();
        for (var i = 0; await (i % 2 == 0 ? first : second).Leases.TakeBlockAsync() is { } block; i++)
        {
            taken.Add(block);
        }

        taken.Select(block => block.Batch.Project).ShouldBe(["large", "small", "large", "small", "large", "large", "large"]);
        taken.Select(block => (block.Batch.Id, block.Number)).Distinct().Count().ShouldBe(7);
        (await first.Leases.RenewAsync()).Count.ShouldBe(4);

        // Blocks that were run give way to what waits; a batch that has to wait is left alone.
        await first.Answers.ReleaseAsync(taken[0], scene.Time.GetUtcNow());
        await first.Leases.PauseAsync(large.Id, scene.Time.GetUtcNow() + TimeSpan.FromSeconds(9));
        (await second.Leases.TakeBlockAsync()).ShouldBeNull();
        scene.Time.Move(TimeSpan.FromSeconds(9));
        (await second.Leases.TakeBlockAsync())!.Number.ShouldBe(0);

        // A process that begins anew has nothing of what it had.
        await first.BeginAsync();
        (await first.Leases.RenewAsync()).ShouldBeEmpty();
        (await second.Leases.TakeBlockAsync()).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(StoreKind.Sqlite, true)]
    [InlineData(StoreKind.Sqlite, false)]
    [InlineData(StoreKind.Postgres, true)]
    [InlineData(StoreKind.Postgres, false)]
    public async Task What_was_not_run_by_the_end_or_a_cancellation_is_told_line_by_line(StoreKind kind, bool isCancelled)
    {
        await using var scene = await BatchScene.OpenAsync(stores, kind);
        await using var node = await scene.NodeAsync("n1");
        var batch = await scene.StartAsync(node, 250);
        var block = (await node.Leases.TakeBlockAsync()).ShouldNotBeNull();
        await node.AnswerAsync(block, 2);
        await node.Answers.FailAsync(block, 3, SceneNode.Content(3));
        if (isCancelled)
        {
            (await scene.Register.CancelAsync(batch.Id, "q")).Problem!.Code.ShouldBe(ProblemCode.NotFound);
            (await scene.Register.CancelAsync(batch.Id, "p")).Value.Status.ShouldBe(BatchStatus.Cancelling);
        }
        else
        {
            scene.Time.Move(Batch.Window - TimeSpan.FromMinutes(1));
            await node.Leases.RenewAsync();
            (await node.Leases.AdvanceAsync()).ShouldBe(0);
            scene.Time.Move(TimeSpan.FromMinutes(1));
            await node.Leases.RenewAsync();
            (await node.Leases.AdvanceAsync()).ShouldBe(1);
        }

        // What is under way ends first.
        (await node.Leases.RenewAsync()).ShouldBeEmpty("nothing is to be begun");
        (await node.Leases.TakeBlockAsync()).ShouldBeNull();
        (await node.Leases.TakeBatchAsync()).ShouldBeNull();
        await node.AnswerAsync(block, 4);
        await node.Answers.ReleaseAsync(block, scene.Time.GetUtcNow());
        var lease = (await node.Leases.TakeBatchAsync()).ShouldNotBeNull();
        (await node.Output.FinishAsync(lease)).ShouldBeNull();
        (await node.Output.FinishAsync(lease)).ShouldNotBeNull("it ends once").Code.ShouldBe(ProblemCode.Conflict);

        var ended = await scene.FindAsync(batch.Id);
        (ended.Status, ended.Total, ended.Completed, ended.Failed).ShouldBe((isCancelled ? BatchStatus.Cancelled : BatchStatus.Expired, 250, 2, 248));
        (await scene.ReadAsync(ended.OutputFile)).ShouldBe(["id-2", "id-4"]);
        var errors = await scene.ReadAsync(ended.ErrorFile);
        errors.Length.ShouldBe(248);
        errors.Distinct(StringComparer.Ordinal).Count().ShouldBe(248);
        (await scene.Store.ReadAsync(session => session.ScalarAsync<long>("select (select count(*) from batch_answer) + (select count(*) from batch_block)"))).ShouldBe(0);

        // Its input may go now.
        (await scene.Files.DeleteAsync("p", batch.Order.InputFile)).ShouldBe(null);
        (await scene.Register.CancelAsync(batch.Id, "p")).Problem!.Code.ShouldBe(ProblemCode.Conflict);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_input_that_is_wrong_fails_the_batch_and_one_that_is_erased_ends_it(StoreKind kind)
    {
        await using var scene = await BatchScene.OpenAsync(stores, kind);
        await using var node = await scene.NodeAsync("n1");
        var batch = await scene.PutAsync(3);
        (await scene.Files.DeleteAsync("p", batch.Order.InputFile))!.Code.ShouldBe(ProblemCode.FileInUse);
        var lease = (await node.Leases.TakeBatchAsync()).ShouldNotBeNull();
        (await node.Leases.ValidateAsync(lease, new BatchLimits { LinesMax = 2 })).ShouldBeNull();
        var failed = await scene.FindAsync(batch.Id);
        (failed.Status, failed.Faults.Single().Code, failed.Order.Metadata).ShouldBe((BatchStatus.Failed, "too_many_tasks", """{"a":"b"}"""));

        var running = await scene.StartAsync(node, 3);
        var block = (await node.Leases.TakeBlockAsync()).ShouldNotBeNull();
        await node.AnswerAsync(block, 1);
        var open = node.Open();
        (await scene.Register.EraseAsync("p", _ => Task.CompletedTask)).ShouldBe((2, 2));
        (await node.Answers.KeepAsync(block, 2, open.Id, SceneNode.Content(2))).ShouldBeFalse("there is nothing to keep it for");
        (await scene.Register.FindAsync(running.Id, "p")).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        foreach (var table in new[] { "batch", "batch_block", "batch_answer", "stored_file", "file_chunk" })
        {
            (await scene.Store.ReadAsync(session => session.ScalarAsync<long>($"select count(*) from {table}"))).ShouldBe(0, table);
        }
    }

    [Fact]
    public async Task Only_a_file_for_batches_of_the_very_project_makes_one()
    {
        await using var scene = await BatchScene.OpenAsync(stores, StoreKind.Sqlite);
        var batch = await scene.PutAsync(1);
        await using var writer = (await scene.Files.BeginAsync("p", "x", isBounded: true)).Value;
        var other = (await writer.CompleteAsync("user_data", null)).Value;

        (await scene.Register.CreateAsync("q", new BatchOrigin("k", "openai"), batch.Order)).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        var wrong = (await scene.Register.CreateAsync("p", new BatchOrigin("k", "openai"), batch.Order with { InputFile = other.Id })).Problem!;
        (wrong.Code, wrong.Param).ShouldBe((ProblemCode.InvalidRequest, "input_file_id"));
        (await scene.Register.FindAsync(batch.Id, "q")).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await scene.Store.ReadAsync(session => scene.Register.ListAsync(session, "q", 10, null))).ShouldBeEmpty();
        FilePurpose.All.ShouldContain(purpose => purpose == other.Purpose);
    }
}
