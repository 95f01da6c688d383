using System.Security.Cryptography;
using System.Text;
using Dogana.Audit;
using Dogana.Audit.Tree;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Audit;

public sealed class AuditCheckpointTests(StoreFixture stores)
{
    [Fact]
    public async Task A_checkpoint_is_a_signed_note_that_other_tools_verify()
    {
        await using var scene = await AuditScene.CreateAsync(stores, StoreKind.Sqlite, rows: 4);
        var checkpoint = await scene.SignAsync();
        var key = await scene.KeyAsync();

        var lines = checkpoint.Note.Split('\n');
        lines.Length.ShouldBe(7);
        (lines[0], lines[1], lines[2], lines[3], lines[4], lines[6]).ShouldBe((key.Origin, "5", checkpoint.Root, "at 2026-03-01T09:00:00Z", "", ""));
        lines[5].ShouldStartWith($"\u2014 {key.Origin} ");
        var signature = Convert.FromBase64String(lines[5].Split(' ')[2]);
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportFromPem(key.Pem);
        signature[..4].ShouldBe(SHA256.HashData(ecdsa.ExportSubjectPublicKeyInfo())[..4]);
        ecdsa.VerifyData(Encoding.UTF8.GetBytes(string.Join('\n', lines[..4]) + "\n"), signature[4..], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence).ShouldBeTrue();
        key.Verify(checkpoint).ShouldBeTrue();
        key.Verify(AuditCheckpoint.Parse(checkpoint.Note + "\u2014 witness.example/w AAAA\n").Value).ShouldBeTrue("others sign beside it");
        AuditKey.Parse(key.Text + "\n").Value.Text.ShouldBe(key.Text);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task One_is_signed_when_there_are_enough_new_rows_or_the_last_one_is_old(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind);
        var schedule = new CheckpointSchedule(5, TimeSpan.FromMinutes(10));
        var now = AuditScene.Start;

        (await DueAsync()).ShouldBeNull("there is nothing to sign");
        await scene.WriteAsync(1);
        (await DueAsync()).ShouldBe(1, "the first one at once");
        await scene.WriteAsync(4);
        (await DueAsync()).ShouldBeNull();
        await scene.WriteAsync(1);
        (await DueAsync()).ShouldBe(6);
        await scene.WriteAsync(1);
        now += schedule.Interval - TimeSpan.FromTicks(10);
        (await DueAsync()).ShouldBeNull();
        now += TimeSpan.FromTicks(10);
        (await DueAsync()).ShouldBe(7);
        now += schedule.Interval * 3;
        (await DueAsync()).ShouldBeNull("nothing is new");
        (await scene.VerifyAsync()).Checkpoints.ShouldBe(3);

        async Task<long?> DueAsync() => (await scene.Checkpoints.MakeDueAsync(scene.Store, schedule, now)).Value?.Size;
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Who_asks_for_one_is_its_last_row_and_asking_again_gives_the_same(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 2);

        var made = await scene.SignAsync();
        var again = await scene.SignAsync();

        again.Note.ShouldBe(made.Note);
        made.Size.ShouldBe(3);
        (await scene.Store.ReadAsync(session => AuditLog.ReadAsync(session, 1)))[0].Action.ShouldBe("audit.checkpoint");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_log_that_was_rewritten_since_the_last_checkpoint_is_not_signed(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 9);
        await scene.SignAsync();
        await scene.SqlAsync("update audit_event set detail = 'other' where sequence = 4");
        await scene.Store.WriteAsync(async session =>
        {
            // With the whole tree hashed anew.
            var frontier = new TreeFrontier();
            foreach (var (row, _) in await TreeRows.ReadAfterAsync(session, 0))
            {
                var hashes = frontier.Complete(AuditLeaf.Hash(row));
                frontier.Advance(hashes);
                await session.ExecuteAsync("update audit_event set hashes = @text where sequence = @Sequence", new { text = TreeRows.ToText(hashes), row.Sequence });
            }

            return 0;
        });
        await scene.WriteAsync(1);

        var refused = await scene.Checkpoints.MakeDueAsync(scene.Store, CheckpointSchedule.Default with { Rows = 1 }, AuditScene.Start.AddDays(1));

        refused.Problem!.Code.ShouldBe(ProblemCode.AuditDamaged);
        refused.Problem.Message.ShouldContain("checkpoint of 10 rows");
        (await scene.VerifyAsync()).Faults.ShouldHaveSingleItem().Subject.ShouldBe("checkpoint of 10 audit rows");
    }

    [Fact]
    public async Task The_private_key_is_not_in_the_store_in_the_clear_and_without_the_ring_nothing_is_signed()
    {
        await using var scene = await AuditScene.CreateAsync(stores, StoreKind.Sqlite, rows: 1);
        await scene.SignAsync();
        var kept = Convert.FromBase64String((await scene.Store.ReadAsync(session => session.ScalarAsync<string>("select sealed_key from audit_key")))!);
        using var ecdsa = ECDsa.Create();
        Should.Throw<CryptographicException>(() => ecdsa.ImportPkcs8PrivateKey(kept, out _));

        await scene.SqlAsync("update audit_key set sealed_key = 'AAAA'");
        await scene.WriteAsync(1);
        (await scene.Checkpoints.MakeDueAsync(scene.Store, CheckpointSchedule.Default with { Rows = 1 }, AuditScene.Start.AddDays(1))).Problem.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_witness_is_told_in_the_transaction_that_keeps_the_checkpoint()
    {
        await using var scene = await AuditScene.CreateAsync(stores, StoreKind.Sqlite, rows: 1);
        var witness = new Witness();

        var made = (await scene.Store.WriteAsync(session => new AuditCheckpoints(scene.Ring, witness).MakeAsync(session, "operator", AuditScene.Start))).Value;

        witness.Told.ShouldHaveSingleItem().ShouldBe(made.Note);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\n1\nAAAA\nat 2026-03-01\n\n\u2014 a AAAA\n")]
    [InlineData("a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nat 2026-03-01T00:00:00Z\n\n\u2014 a AAAA\n")]
    [InlineData("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nat 2026-03-01\n\n\u2014 a AAAA\n")]
    [InlineData("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\nat 2026-03-01T00:00:00Z\n\n\u2014 a AAAA\n")]
    [InlineData("a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nat 2026-03-01T00:00:00Z\nmore\n\n\u2014 a AAAA\n")]
    public void What_is_no_checkpoint_is_refused_by_name(string text) => AuditCheckpoint.Parse(text).Problem!.Param.ShouldBe("checkpoint");

    private sealed class Witness : ICheckpointWitness
    {
        public List<string> Told { get; } = [];

        public Task TellAsync(StoreSession session, AuditCheckpoint checkpoint)
        {
            Told.Add(checkpoint.Note);
            return Task.CompletedTask;
        }
    }
}
