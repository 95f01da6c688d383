using System.Text;
using System.Text.Json;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Audit;

public sealed class AuditProofTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Every_row_and_every_two_checkpoints_are_proved_and_verified_without_the_store(StoreKind kind)
    {
        await using var scene = await AuditScene.CreateAsync(stores, kind);
        var sizes = new List<long>();
        foreach (var rows in new[] { 0, 1, 5, 8, 16, 3 })
        {
            await scene.WriteAsync(rows);
            sizes.Add((await scene.SignAsync()).Size);
        }

        var key = AuditKey.Parse((await scene.KeyAsync()).Text).Value;
        foreach (var size in sizes)
        {
            for (var sequence = 1; sequence <= size; sequence++)
            {
                var proof = (await scene.Store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, sequence, size))).Value;
                proof.Row.Sequence.ShouldBe(sequence);
                AuditProofs.Verify(JsonSerializer.Serialize(proof, DoganaJson.Indented), key).Verified.ShouldBeTrue($"{sequence} in {size}");
            }

            foreach (var smaller in sizes.Where(other => other <= size))
            {
                var proof = (await scene.Store.ReadAsync(session => AuditProofs.ProveConsistencyAsync(session, smaller, size))).Value;
                AuditProofs.Verify(JsonSerializer.Serialize(proof, DoganaJson.Options), key).Verified.ShouldBeTrue($"{smaller} to {size}");
            }
        }

        (await scene.Store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, sizes[^1]))).Value.Checkpoint.ShouldContain($"\n{sizes[^1]}\n");
        (await scene.Store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, 0))).Problem!.Param.ShouldBe("sequence");
        (await scene.Store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, sizes[1] + 1, sizes[1]))).Problem!.Param.ShouldBe("sequence");
        (await scene.Store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, 1, 2))).Problem!.Code.ShouldBe(ProblemCode.NotFound);
        (await scene.Store.ReadAsync(session => AuditProofs.ProveConsistencyAsync(session, sizes[3], sizes[2]))).Problem!.Param.ShouldBe("from");
    }

    [Fact]
    public async Task Of_4000_mutations_of_proofs_and_keys_none_verifies_as_something_else()
    {
        const int seed = 62_026;
        await using var scene = await AuditScene.CreateAsync(stores, StoreKind.Sqlite, rows: 21);
        var first = await scene.SignAsync();
        await scene.WriteAsync(50);
        var last = await scene.SignAsync();
        var key = await scene.KeyAsync();
        var inclusion = (await scene.Store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, 17))).Value;
        var consistency = (await scene.Store.ReadAsync(session => AuditProofs.ProveConsistencyAsync(session, first.Size, last.Size))).Value;
        string[] files = [JsonSerializer.Serialize(inclusion, DoganaJson.Indented), JsonSerializer.Serialize(consistency, DoganaJson.Indented)];
        var random = new Random(seed);
        for (var number = 0; number < 4_000; number++)
        {
            var original = number % 2;
            var (file, keyText) = (files[original], key.Text);
            if (number % 10 < 8)
            {
                file = Mutate(file, random);
            }
            else
            {
                keyText = Mutate(keyText, random);
            }

            if (!AuditKey.Parse(keyText).TryGet(out var parsed, out _) || !AuditProofs.Verify(file, parsed).Verified)
            {
                continue;
            }

            // What still verifies says the same: white space, the case of a name, another spelling of the same character.
            keyText.Trim().ShouldBe(key.Text, $"seed {seed}, mutation {number}");
            Same(file).ShouldBe(Same(files[original]), $"seed {seed}, mutation {number}");
        }

        string Same(string file) => file.Contains(AuditInclusionProof.FormatName, StringComparison.Ordinal)
            ? JsonSerializer.Serialize(JsonSerializer.Deserialize<AuditInclusionProof>(file, DoganaJson.Options))
            : JsonSerializer.Serialize(JsonSerializer.Deserialize<AuditConsistencyProof>(file, DoganaJson.Options));
    }

    [Fact]
    public async Task A_proof_of_another_store_or_what_is_none_does_not_verify()
    {
        await using var scene = await AuditScene.CreateAsync(stores, StoreKind.Sqlite, rows: 3);
        await using var other = await AuditScene.CreateAsync(stores, StoreKind.Sqlite, rows: 3);
        await scene.SignAsync();
        await other.SignAsync();
        var proof = (await scene.Store.ReadAsync(session => AuditProofs.ProveInclusionAsync(session, 2))).Value;
        var key = await scene.KeyAsync();

        AuditProofs.Verify(proof, key).Text.ShouldStartWith("row 2 is in the log of 4 rows");
        AuditProofs.Verify(proof, await other.KeyAsync()).Text.ShouldContain("not signed with the key");
        AuditProofs.Verify(proof with { Row = proof.Row with { At = proof.Row.At.AddTicks(1) } }, key).Verified.ShouldBeFalse("what is finer than a microsecond is not in the leaf");
        foreach (var text in new[] { "", "null", "[]", "{}", """{"format":"x"}""", """{"format":"dogana.audit.inclusion/1"}""", """{"format":"dogana.audit.inclusion/1","row":null,"checkpoint":"","path":[]}""", """{"format":"dogana.audit.consistency/1","from":"","to":"","path":[null]}""" })
        {
            AuditProofs.Verify(text, key).Verified.ShouldBeFalse(text);
        }
    }

    private static string Mutate(string text, Random random)
    {
        var bytes = Encoding.UTF8.GetBytes(text).ToList();
        for (var changes = random.Next(1, 3); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes.RemoveAt(at);
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(32, 127));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
