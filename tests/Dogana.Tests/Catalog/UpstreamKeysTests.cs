using Dogana.Catalog;
using Dogana.Protection;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.Tests.Catalog;

public sealed class UpstreamKeysTests(StoreFixture stores)
{
    private const string Text = "sk-a-key-that-nobody-may-read";

    private static readonly DateTimeOffset Now = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Keys_are_kept_encrypted_and_tried_in_the_order_of_their_adding(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var ring = await WorldAsync(store);
        var version = await store.ReadConfigurationVersionAsync();

        (await AddAsync(store, ring, "there", "b", Text)).Value.Id.ShouldBe("b");
        (await AddAsync(store, ring, "there", "a", "second")).Problem.ShouldBeNull();
        (await AddAsync(store, ring, "other", null, "third")).Value.Id.ShouldStartWith("key-");

        (await OpenAsync(store, ring)).Select(key => (key.ToString()[..5], key.Text)).ShouldBe([("there", Text), ("there", "second"), ("other", "third")]);
        (await store.ReadAsync(session => UpstreamKeys.ListAsync(session, "there"))).Value.Select(key => (key.Id, key.CreatedBy)).ShouldBe([("b", "me"), ("a", "me")]);
        var stored = await store.ReadAsync(session => session.QueryAsync<string>("select ciphertext from upstream_key"));
        stored.ShouldAllBe(row => !row.Contains(Text) && !System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(row)).Contains(Text, StringComparison.Ordinal));

        (await store.WriteAsync(session => UpstreamKeys.RemoveAsync(session, "there", "b", "me", Now))).Value.Id.ShouldBe("b");
        (await OpenAsync(store, ring)).Select(key => key.Text).ShouldBe(["second", "third"]);
        (await store.ReadAsync(session => session.QueryAsync<string>("select action from audit_event order by sequence")))
            .ShouldBe(["upstream_key.add", "upstream_key.add", "upstream_key.add", "upstream_key.remove"]);
        (await store.ReadConfigurationVersionAsync()).ShouldBe(version + 4, "nodes read anew after every change");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_row_that_was_moved_or_changed_does_not_decrypt(StoreKind kind)
    {
        await using var store = await stores.OpenAsync(kind);
        var ring = await WorldAsync(store);
        await AddAsync(store, ring, "there", "a", Text);

        await store.WriteAsync(session => session.ExecuteAsync("update upstream_key set upstream = 'other'"));
        (await OpenAsync(store, ring)).Single().Text.ShouldBeNull("another upstream would be given the key");
        await store.WriteAsync(session => session.ExecuteAsync("update upstream_key set upstream = 'there', id = 'b'"));
        (await OpenAsync(store, ring)).Single().Text.ShouldBeNull();
        await store.WriteAsync(session => session.ExecuteAsync("update upstream_key set id = 'a'"));
        (await OpenAsync(store, ring)).Single().Text.ShouldBe(Text);

        foreach (var broken in new[] { "", "not base64 at all", "AAAA" })
        {
            await store.WriteAsync(session => session.ExecuteAsync("update upstream_key set ciphertext = @broken", new { broken }));
            (await OpenAsync(store, ring)).Single().Text.ShouldBeNull();
        }
    }

    [Fact]
    public async Task What_is_no_key_is_refused_and_never_repeated()
    {
        await using var store = await stores.OpenAsync(StoreKind.Sqlite);
        var ring = await WorldAsync(store);
        await AddAsync(store, ring, "there", "taken", Text);

        foreach (var (upstream, name, text, code) in new (string, string?, string, ProblemCode)[]
        {
            ("there", null, "", ProblemCode.InvalidRequest), ("there", null, "two words", ProblemCode.InvalidRequest), ("there", null, "line\nline", ProblemCode.InvalidRequest),
            ("there", null, "schlüssel", ProblemCode.InvalidRequest), ("there", null, new string('x', UpstreamKeys.TextBytesMax + 1), ProblemCode.InvalidRequest),
            ("there", "Upper", Text, ProblemCode.InvalidRequest), ("there", "a\n", Text, ProblemCode.InvalidRequest), ("there", "taken", Text, ProblemCode.Conflict),
            ("nowhere", null, Text, ProblemCode.NotFound), ("here", null, Text, ProblemCode.InvalidRequest),
        })
        {
            var problem = (await AddAsync(store, ring, upstream, name, text)).Problem!;
            problem.Code.ShouldBe(code, $"{upstream} {name} {text}");
            (text.Length > 5 && problem.Message.Contains(text, StringComparison.Ordinal)).ShouldBeFalse();
        }

        for (var i = 1; i < UpstreamKeys.KeysMax; i++)
        {
            (await AddAsync(store, ring, "there", null, new string('x', UpstreamKeys.TextBytesMax))).Problem.ShouldBeNull();
        }

        (await AddAsync(store, ring, "there", null, Text)).Problem!.Message.ShouldContain("Remove one first");
        (await store.WriteAsync(session => UpstreamKeys.RemoveAsync(session, "there", "nobody", "me", Now))).Problem!.Code.ShouldBe(ProblemCode.NotFound);
    }

    private static Task<Outcome<StoredUpstreamKey>> AddAsync(Store store, KeyRing ring, string upstream, string? name, string text) =>
        store.WriteAsync(session => UpstreamKeys.AddAsync(session, ring, upstream, name, text, "me", Now));

    private static Task<IReadOnlyList<OpenedUpstreamKey>> OpenAsync(Store store, KeyRing ring) => store.ReadAsync(session => UpstreamKeys.OpenAsync(session, ring));

    private async Task<KeyRing> WorldAsync(Store store)
    {
        await store.WriteAsync(session => CatalogRegister.DeclareAsync(
            session, [],
            [
                new Upstream("there", UpstreamKind.OpenAi, "http://127.0.0.1:9/v1", null) { Operations = UpstreamOperations.Responses | UpstreamOperations.Embeddings },
                new Upstream("other", UpstreamKind.OpenAiCompatible, "http://127.0.0.1:9/v1", null), new Upstream("here", UpstreamKind.Embedded, null, null),
            ],
            [], []));
        (await store.ReadAsync(CatalogRegister.ReadAsync)).Upstreams["there"].Operations.ShouldBe(UpstreamOperations.Responses | UpstreamOperations.Embeddings);
        return await KeyRing.OpenAsync(store, new MasterKeyPlace(Path.Combine(stores.NewFolder(), MasterKey.FileName), MayCreate: true), TimeProvider.System);
    }
}
