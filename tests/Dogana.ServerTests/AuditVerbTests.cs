using System.Text.Json;
using Dogana.Client;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary>What an operator and an auditor do with the audit log.</summary>
public sealed class AuditVerbTests(StoreFixture stores)
{
    [Fact]
    public async Task What_was_kept_elsewhere_verifies_rows_without_the_store_and_finds_what_was_rewritten()
    {
        var (folder, kept, sample) = (stores.NewFolder(), stores.NewFolder(), Path.Combine(Dogana.Tests.Repository.Root, "samples", "opening-day.yaml"));
        var (checkpoint, key, proof, range) = (Path.Combine(kept, "checkpoint.txt"), Path.Combine(kept, "audit.key"), Path.Combine(kept, "row.json"), Path.Combine(kept, "range.json"));
        await DoganaProcess.OkAsync("apply", "-f", sample, "--data", folder);
        (await DoganaProcess.RunAsync("audit", "prove", "1", "--data", folder)).Error.ShouldContain("dogana audit checkpoint");
        (await DoganaProcess.OkAsync("audit", "checkpoint", "--out", checkpoint, "--data", folder)).ShouldBe(await File.ReadAllTextAsync(checkpoint));
        await DoganaProcess.OkAsync("audit", "key", "--out", key, "--data", folder);
        await DoganaProcess.OkAsync("key", "create", "--project", "acme-shop", "--name", "laptop", "--data", folder);
        await DoganaProcess.OkAsync("audit", "checkpoint", "--data", folder);
        await DoganaProcess.OkAsync("audit", "prove", "3", "--out", proof, "--data", folder);
        await DoganaProcess.OkAsync("audit", "prove", "--from", "2", "--out", range, "--data", folder);

        (await DoganaProcess.OkAsync("audit", "verify", "--proof", proof, "--key", key)).ShouldStartWith("verified: row 3 is in the log of 4 rows");
        (await DoganaProcess.OkAsync("audit", "verify", "--proof", range, "--key", key)).ShouldStartWith("verified: the log of 4 rows begins with that of 2 rows");
        (await DoganaProcess.OkAsync("audit", "verify", "--data", folder)).ShouldContain("No checkpoint from elsewhere was given");
        (await DoganaProcess.OkAsync("audit", "verify", "--checkpoint", checkpoint, "--key", key, "--data", folder)).ShouldContain("Rows 1 to 2 were compared");
        (await DoganaProcess.OkAsync("verify", "--data", folder)).ShouldContain("; 4 audit rows, root ");
        (await DoganaProcess.OkAsync("audit", "list", "--action", "key.create", "--data", folder)).ShouldContain("acme-shop");
        var page = JsonSerializer.Deserialize<Page<AuditRecord>>(await DoganaProcess.OkAsync("audit", "list", "--limit", "3", "--json", "--data", folder), DoganaJson.Options)!;
        (page.Data[0].Sequence, page.Next).ShouldBe((4, "2"));

        await File.WriteAllTextAsync(proof, (await File.ReadAllTextAsync(proof)).Replace("key.create", "key.revoke", StringComparison.Ordinal));
        var (exit, output, _) = await DoganaProcess.RunAsync("audit", "verify", "--proof", proof, "--key", key);
        (exit, output.StartsWith("NOT verified: ", StringComparison.Ordinal)).ShouldBe((1, true), output);
        await using (var store = await Store.OpenFolderAsync(folder))
        {
            (await store.WriteAsync(static session => session.ExecuteAsync("update audit_event set actor = 'somebody' where sequence = 1"))).ShouldBe(1);
        }

        (exit, output, _) = await DoganaProcess.RunAsync("audit", "verify", "--checkpoint", checkpoint, "--key", key, "--data", folder);
        exit.ShouldBe(1);
        output.ShouldContain("audit row 1: the row was changed");
        (await DoganaProcess.RunAsync("verify", "--data", folder)).Exit.ShouldBe(1);
    }

    [Theory]
    [InlineData("Name a row", "audit", "prove")]
    [InlineData("Name a row", "audit", "prove", "3", "--from", "2")]
    [InlineData("--proof goes with --key", "audit", "verify", "--proof", "x")]
    [InlineData("no day or instant", "audit", "list", "--from", "yesterday")]
    public async Task Misuse_is_explained(string message, params string[] arguments)
    {
        var (exit, _, error) = await DoganaProcess.RunAsync(arguments);
        (exit, error.Contains(message, StringComparison.Ordinal)).ShouldBe((2, true), error);
    }

    [Fact]
    public async Task A_server_signs_as_the_log_grows_and_tells_the_operators_targets()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start("--Audit:CheckpointRows=1", "--Audit:CheckpointInterval=00:00:00.2", "--Audit:CheckpointNotices=true"));
        using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
        var first = await admin.GetAuditCheckpointAsync();
        var key = await admin.GetAuditKeyAsync();
        first.Origin.ShouldBe(key.Origin);

        await admin.CreateKeyAsync(new NewKeyRequest("one-more", "project", "acme-shop"));
        AuditCheckpointRecord last;
        for (var tries = 0; (last = await admin.GetAuditCheckpointAsync()).Size == first.Size && tries < 300; tries++)
        {
            await Task.Delay(100);
        }

        last.Size.ShouldBe(first.Size + 1);
        (await admin.ProveAuditConsistencyAsync(first.Size)).To.ShouldBe(last.Note);
        (await admin.GetAuditCheckpointAsync(first.Size)).Note.ShouldBe(first.Note);
        (await admin.VerifyAuditAsync(new AuditVerifyRequest([first.Note, last.Note], key.Key))).Retained.ShouldBe(last.Size);
        server.Output.ShouldContain(last.Root);
        (await Should.ThrowAsync<DoganaException>(() => admin.VerifyAuditAsync(new AuditVerifyRequest(["x"])))).Status.ShouldBe(400);
    }
}
