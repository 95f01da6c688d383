using System.Security.Cryptography;
using Dogana.Access;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Access;

public sealed class ApiKeyTests(StoreFixture stores)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_key_opens_until_it_is_revoked_and_its_text_is_nowhere_in_the_store(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        await store.WriteAsync(session => PartyRegister.DeclareAsync(
            session, [new Organisation("acme", "Acme", "DE", "Europe/Berlin", null)], [new Channel("direct", "Direct", ChannelKind.Direct, "acme")], [], [new Project("app", "acme", "direct")]));

        var made = (await store.WriteAsync(session => ApiKeys.CreateAsync(session, "app", "first", null, RandomNumberGenerator.Create(), "me", Now))).Value;

        (await FindAsync(store, made.Text)).Value.Project.ShouldBe("app");
        (await store.ReadAsync(session => session.QueryAsync<string>("select hash from api_key"))).ShouldAllBe(hash => !made.Text.Contains(hash));
        (await store.WriteAsync(session => ApiKeys.RevokeAsync(session, made.Key.Id, "me", Now))).Value.RevokedAt.ShouldBe(Now);
        (await FindAsync(store, made.Text)).Problem!.Code.ShouldBe(ProblemCode.KeyRevoked);
        (await store.ReadAsync(session => session.QueryAsync<string>("select action from audit_event order by sequence"))).ShouldBe(["key.create", "key.revoke"]);
    }

    [Fact]
    public async Task Wrong_and_malformed_keys_are_refused_and_never_echoed_whole()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var made = (await store.WriteAsync(session => ApiKeys.CreateAsync(session, null, "admin", null, RandomNumberGenerator.Create(), "me", Now))).Value;
        var wrong = made.Text[..^1] + (made.Text[^1] == 'A' ? 'B' : 'A');

        foreach (var text in new[] { wrong, "sk-something-else", "dgn_short", new string('x', 10_000) })
        {
            var problem = (await FindAsync(store, text)).Problem!;
            problem.Code.ShouldBe(ProblemCode.InvalidKey);
            problem.Message.ShouldNotContain(text[4..]);
        }

        (await FindAsync(store, null)).Problem!.Code.ShouldBe(ProblemCode.MissingKey);
    }

    [Fact]
    public async Task An_expired_key_opens_nothing()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var made = (await store.WriteAsync(session => ApiKeys.CreateAsync(session, null, "short", Now.AddHours(1), RandomNumberGenerator.Create(), "me", Now))).Value;
        var table = await store.ReadAsync(ApiKeys.ReadTableAsync);

        table.Find(made.Text, Now.AddMinutes(59)).Problem.ShouldBeNull();
        table.Find(made.Text, Now.AddHours(1)).Problem!.Code.ShouldBe(ProblemCode.KeyRevoked);
    }

    private static async Task<Outcome<ApiKey>> FindAsync(Store store, string? text) => (await store.ReadAsync(ApiKeys.ReadTableAsync)).Find(text, Now);
}
