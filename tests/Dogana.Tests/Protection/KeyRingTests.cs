using System.Security.Cryptography;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Protection;

public sealed class KeyRingTests(StoreFixture stores)
{
    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task What_one_process_encrypts_the_next_one_decrypts_for_the_same_purpose_only(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var place = Place();
        var ring = await KeyRing.OpenAsync(store, place, TimeProvider.System);
        var encrypted = ring.Protect("secret"u8.ToArray(), "purpose", "a").Value;

        var again = await KeyRing.OpenAsync(store, place, TimeProvider.System);

        again.Problem.ShouldBeNull();
        again.Unprotect(encrypted, "purpose", "a").Value.ShouldBe("secret"u8.ToArray());
        again.Unprotect(encrypted, "purpose", "b").Problem.ShouldNotBeNull();
        again.Unprotect([.. encrypted[..^1], (byte)(encrypted[^1] ^ 1)], "purpose", "a").Problem.ShouldNotBeNull();
        again.Unprotect([], "purpose", "a").Problem.ShouldNotBeNull();
        (await CountAsync(store)).ShouldBe(1);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_master_key_that_does_not_open_the_ring_is_refused_and_no_second_ring_is_made(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var place = Place();
        await KeyRing.OpenAsync(store, place, TimeProvider.System);
        var other = Place();
        using (var random = RandomNumberGenerator.Create())
        {
            MasterKey.Create(other.Path, random);
        }

        var wrong = await KeyRing.OpenAsync(store, other, TimeProvider.System);
        var missing = await KeyRing.OpenAsync(store, Place(), TimeProvider.System);

        wrong.Problem!.Message.ShouldContain(other.Path);
        wrong.Problem.Message.ShouldContain("--master-key-file");
        wrong.Protect([1], "p").Problem.ShouldBe(wrong.Problem);
        wrong.Unprotect([1], "p").Problem.ShouldBe(wrong.Problem);
        (await wrong.RefreshAsync()).ShouldBeFalse();
        missing.Problem!.Message.ShouldContain("Copy master.key");
        (await CountAsync(store)).ShouldBe(1);
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Processes_that_start_at_once_make_one_ring(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var place = Place();
        using (var random = RandomNumberGenerator.Create())
        {
            MasterKey.Create(place.Path, random);
        }

        var rings = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => KeyRing.OpenAsync(store, place, TimeProvider.System)));

        (await CountAsync(store)).ShouldBe(1);
        var encrypted = rings[0].Protect([1, 2, 3], "p").Value;
        rings.ShouldAllBe(ring => ring.Unprotect(encrypted, "p").Value.Length == 3);
    }

    [Fact]
    public async Task The_next_key_is_in_the_ring_before_it_is_used_and_the_old_one_still_decrypts()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var place = Place();
        var ring = await KeyRing.OpenAsync(store, place, TimeProvider.System);
        var encrypted = ring.Protect([7], "p").Value;

        var later = await KeyRing.OpenAsync(store, place, new Ahead(TimeSpan.FromDays(87)));

        (await CountAsync(store)).ShouldBe(2);
        later.Unprotect(encrypted, "p").Value.ShouldBe([7]);
        (await ring.RefreshAsync()).ShouldBeTrue();
        ring.Unprotect(later.Protect([8], "p").Value, "p").Value.ShouldBe([8]);
        (await store.ReadAsync(session => session.QueryAsync<string>("select sealed from ring_key"))).ShouldAllBe(text => !text.Contains("masterKey", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_master_key_file_is_its_owners_alone_and_a_broken_one_is_named()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var place = Place();
        await KeyRing.OpenAsync(store, place, TimeProvider.System);

        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(place.Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        foreach (var broken in new[] { "", "nonsense\n", Convert.ToBase64String(new byte[16]), new string('A', 5_000) })
        {
            await File.WriteAllTextAsync(place.Path, broken);
            (await KeyRing.OpenAsync(store, place, TimeProvider.System)).Problem!.Message.ShouldContain($"{place.Path} holds no master key");
        }
    }

    [Fact]
    public async Task A_named_file_must_be_there()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var named = Place() with { MayCreate = false };

        (await KeyRing.OpenAsync(store, named, TimeProvider.System)).Problem!.Message.ShouldContain($"There is no master key file {named.Path}");

        File.Exists(named.Path).ShouldBeFalse();
        (await CountAsync(store)).ShouldBe(0);
    }

    private static Task<long> CountAsync(Store store) => store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from ring_key"));

    private MasterKeyPlace Place() => new(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true);

    private sealed class Ahead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
