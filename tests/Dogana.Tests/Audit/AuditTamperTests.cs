using System.Security.Cryptography;
using Dogana.Audit;
using Dogana.Audit.Tree;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Audit;

/// <summary>Whoever can write the whole store, and knows how the tree is made, against one checkpoint (and sometimes the key) that was kept elsewhere.</summary>
public sealed class AuditTamperTests(StoreFixture stores)
{
    private const int Rows = 37;

    [Theory]
    [InlineData(StoreKind.Sqlite, 2_400, 20260301)]
    [InlineData(StoreKind.Postgres, 600, 20260302)]
    public async Task Every_mutation_of_rows_hashes_checkpoints_and_key_is_found_against_a_checkpoint_that_was_kept(StoreKind kind, int mutations, int seed)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind, rows: 5);
        await scene.SignAsync();
        await scene.WriteAsync(12);
        await scene.SignAsync();
        await scene.WriteAsync(Rows - 5 - 12 - 3);
        var retained = await scene.SignAsync();
        retained.Size.ShouldBe(Rows);
        var key = await scene.KeyAsync();
        (await scene.VerifyAsync([retained], key)).Verified.ShouldBeTrue();
        await scene.WriteAsync(6); // what the checkpoint does not cover yet

        var random = new Random(seed);
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < mutations; number++)
        {
            var what = "";
            var report = await Undone.RunAsync(scene.Store, async session =>
            {
                what = await MutateAsync(session, random);
                return await AuditVerification.VerifyAsync(session, [retained], random.Next(2) == 0 ? key : null);
            });

            report.Verified.ShouldBeFalse($"seed {seed}, mutation {number}: {what}");
            report.Faults.ShouldNotBeEmpty();
            kinds[what.Split(':')[0]] = kinds.GetValueOrDefault(what.Split(':')[0]) + 1;
        }

        kinds.Count.ShouldBe(15, string.Join(", ", kinds));
        (await scene.VerifyAsync([retained], key)).Verified.ShouldBeTrue("every mutation was undone");
    }

    private static async Task<string> MutateAsync(StoreSession session, Random random)
    {
        switch (random.Next(9))
        {
            case 0:
                return await FlipColumnAsync(session, random);
            case 1:
                return await FlipCheckpointAsync(session, random);
            case 2:
                var (one, other) = random.Next(2) == 0 ? (6, 19) : (19, Rows);
                await session.ExecuteAsync("update audit_checkpoint set note = (select note from audit_checkpoint where size = @one) where size = @other", new { one, other });
                return $"checkpoint replaced: {other} by {one}";
            case 3:
                await ReplaceKeyAsync(session, signsAnew: random.Next(2) == 0);
                return "key replaced";
            case 4:
                var removed = random.Next(2);
                await session.ExecuteAsync(removed == 0 ? "delete from audit_checkpoint where size = 37" : "delete from audit_key");
                return $"checkpoint or key deleted: {removed}";
            default:
                return await RewriteAsync(session, random);
        }
    }

    private static async Task<string> FlipColumnAsync(StoreSession session, Random random)
    {
        var sequence = random.Next(1, Rows + 1);
        string[] columns = ["sequence", "at", "actor", "action", "subject", "detail", "hashes"];
        var column = columns[random.Next(columns.Length)];
        object value;
        if (column == "sequence")
        {
            value = random.Next(3) switch { 0 => -random.Next(1, 9), 1 => 0, _ => Rows + 6 + random.Next(1, 9) };
        }
        else if (column == "at")
        {
            var at = await session.ScalarAsync<long>($"select at from audit_event where sequence = {sequence}");
            value = at ^ (1L << random.Next(64));
        }
        else
        {
            value = Flip(await session.ScalarAsync<string>($"select {column} from audit_event where sequence = {sequence}") ?? "", random);
        }

        (await session.ExecuteAsync($"update audit_event set {column} = @value where sequence = @sequence", new { value, sequence })).ShouldBe(1);
        return $"{column} flipped: of {sequence}";
    }

    private static async Task<string> FlipCheckpointAsync(StoreSession session, Random random)
    {
        int[] sizes = [6, 19, Rows];
        var size = sizes[random.Next(sizes.Length)];
        var note = Flip((await session.ScalarAsync<string>("select note from audit_checkpoint where size = @size", new { size }))!, random);
        await session.ExecuteAsync("update audit_checkpoint set note = @note where size = @size", new { note, size });
        return $"checkpoint flipped: {note}";
    }

    // What one could do who rewrites history and covers it as well as can be: renumbers, hashes anew, drops or re-signs the checkpoints.
    private static async Task<string> RewriteAsync(StoreSession session, Random random)
    {
        var rows = (await TreeRows.ReadAfterAsync(session, 0)).ToList();
        var what = random.Next(4) switch
        {
            0 => Delete(),
            1 => Swap(),
            2 => CutOff(),
            _ => Insert(),
        };
        var cover = random.Next(4);
        var frontier = new TreeFrontier();
        await session.ExecuteAsync("delete from audit_event");
        for (var index = 0; index < rows.Count; index++)
        {
            var row = rows[index].Row with { Sequence = index + 1 };
            var hashes = frontier.Complete(AuditLeaf.Hash(row));
            frontier.Advance(hashes);
            await session.ExecuteAsync(
                "insert into audit_event(sequence, at, actor, action, subject, detail, hashes) values(@Sequence, @At, @Actor, @Action, @Subject, @Detail, @kept)",
                new { row.Sequence, row.At, row.Actor, row.Action, row.Subject, row.Detail, kept = cover == 0 ? rows[index].Hashes : TreeRows.ToText(hashes) });
        }

        await session.ExecuteAsync("update counter set last = @Count where name = 'audit'", new { rows.Count });
        if (cover >= 2)
        {
            await session.ExecuteAsync("delete from audit_checkpoint where size > @Count or size > 6", new { rows.Count });
        }

        if (cover == 3)
        {
            await ReplaceKeyAsync(session, signsAnew: true);
        }

        return $"{what}, cover {cover}";

        string Delete()
        {
            var at = random.Next(Rows);
            rows.RemoveAt(at);
            return $"deleted: {at + 1}";
        }

        string Swap()
        {
            var (one, other) = (random.Next(Rows), random.Next(Rows - 1));
            other += other >= one ? 1 : 0;
            (rows[one], rows[other]) = (rows[other], rows[one]);
            return $"swapped: {one + 1} and {other + 1}";
        }

        string CutOff()
        {
            var left = random.Next(Rows);
            rows.RemoveRange(left, rows.Count - left);
            return $"cut off: after {left}";
        }

        string Insert()
        {
            var at = random.Next(Rows);
            rows.Insert(at, (new AuditRow(0, random.NextInt64(), "user/x", "key.create", "x", ""), rows[at].Hashes));
            return $"inserted: before {at + 1}";
        }
    }

    private static async Task ReplaceKeyAsync(StoreSession session, bool signsAnew)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var key = AuditKey.FromSpki(ecdsa.ExportSubjectPublicKeyInfo())!;
        await session.ExecuteAsync("update audit_key set public_key = @text", new { text = Convert.ToBase64String(ecdsa.ExportSubjectPublicKeyInfo()) });
        if (signsAnew)
        {
            foreach (var size in await session.QueryAsync<long>("select size from audit_checkpoint"))
            {
                var note = key.Sign(ecdsa, size, await TreeRows.ReadRootAsync(session, size) ?? new byte[32], AuditScene.Start).Note;
                await session.ExecuteAsync("update audit_checkpoint set note = @note where size = @size", new { note, size });
            }
        }
    }

    private static string Flip(string text, Random random)
    {
        if (text.Length == 0)
        {
            return "x";
        }

        var at = random.Next(text.Length);
        char flipped;
        do
        {
            flipped = (char)(text[at] ^ (1 << random.Next(7)));
        }
        while (flipped == '\0' || char.IsSurrogate(flipped)); // which stores of texts do not keep
        return text[..at] + flipped + text[(at + 1)..];
    }
}
