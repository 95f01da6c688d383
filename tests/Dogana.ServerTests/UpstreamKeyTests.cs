using System.Net;
using Dogana.Client;
using Dogana.Tests.Storage;
using FakeUpstream;

namespace Dogana.ServerTests;

/// <summary>Upstream keys as an operator and an upstream see them: added, tried in turn, rotated, kept, and nowhere to be read.</summary>
public sealed class UpstreamKeyTests(StoreFixture stores)
{
    private const string First = "sk-first-0123456789-first";
    private const string Second = "sk-second-0123456789-second";
    private const string Call = """{"model":"fake","messages":[{"role":"user","content":"x"}]}""";

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Keys_are_rotated_without_a_restart_survive_a_kill_and_are_nowhere_to_be_read(StoreKind kind)
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, kind, upstream.OpenAiBase);
        string output;
        await using (var server = await ServerProcess.StartAsync(world.Start()))
        {
            using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
            using var client = server.CreateClient(world.Key("acme-shop"));

            // 1. Without a key none is sent; with one, it is.
            (await CallAsync(client, upstream)).ShouldBeNull();
            (await admin.AddUpstreamKeyAsync("there", new NewUpstreamKeyRequest(First, "first"))).Id.ShouldBe("first");
            (await CallAsync(client, upstream)).ShouldBe($"Bearer {First}");

            // 2. The first one is refused: the second one is used, and the client sees nothing of it.
            await admin.AddUpstreamKeyAsync("there", new NewUpstreamKeyRequest(Second, "second"));
            upstream.ScriptKey(First, FakeScript.Failing(401));
            (await CallAsync(client, upstream)).ShouldBe($"Bearer {Second}");

            // 3. A call that is under way ends with the key that it began with; the next one has the other.
            upstream.ScriptKey(Second, new FakeScript { DelayBeforeFirstByte = TimeSpan.FromSeconds(1) });
            var seen = upstream.RequestCount;
            var slow = client.PostAsync("/v1/chat/completions", new StringContent(Call));
            await upstream.WaitForRequestsAsync(seen + 1);
            await admin.AddUpstreamKeyAsync("there", new NewUpstreamKeyRequest("sk-third", "third"));
            await admin.RemoveUpstreamKeyAsync("there", "first");
            await admin.RemoveUpstreamKeyAsync("there", "second");
            (await CallAsync(client, upstream)).ShouldBe("Bearer sk-third");
            (await slow).StatusCode.ShouldBe(HttpStatusCode.OK);

            // 4. A new key of an old name is another key: it does not rest for what its namesake did.
            await admin.RemoveUpstreamKeyAsync("there", "third");
            await admin.AddUpstreamKeyAsync("there", new NewUpstreamKeyRequest(Second + "+", "first"));
            (await CallAsync(client, upstream)).ShouldBe($"Bearer {Second}+");
            (await admin.ListUpstreamKeysAsync("there")).Select(key => key.Id).ShouldBe(["first"]);
            (await admin.ListUpstreamsAsync()).Single(item => item.Id == "there").Keys.ShouldBe(["first"]);
            output = server.Output;
            server.Kill();
        }

        // 5. A new process.
        await using (var again = await ServerProcess.StartAsync(world.Start()))
        {
            using var client = again.CreateClient(world.Key("acme-shop"));
            (await CallAsync(client, upstream)).ShouldBe($"Bearer {Second}+");
            output += again.Output;
            again.Kill();
        }

        // 6. Nowhere to be read.
        output.ShouldNotContain("sk-");
        foreach (var file in Directory.EnumerateFiles(world.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            foreach (var text in new[] { First, Second, "sk-third" })
            {
                bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(text)).ShouldBe(-1, file);
                bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(text))[..8])).ShouldBe(-1, file);
            }
        }

        await using var store = await world.OpenStoreAsync();
        (await store.ReadAsync(session => session.QueryAsync<string>("select detail || subject || action from audit_event"))).ShouldAllBe(row => !row.Contains("sk-"));
    }

    [Fact]
    public async Task A_key_that_cannot_be_decrypted_is_named_and_the_upstream_is_not_called_without_one()
    {
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite, upstream.OpenAiBase);
        await DoganaProcess.OkAsync("upstream", "key", "add", "there", "--name", "k1", "--from-file", await FileAsync(First), "--data", world.Folder);
        await using (var store = await world.OpenStoreAsync())
        {
            await store.WriteAsync(session => session.ExecuteAsync("update upstream_key set id = 'k2'"));
        }

        await using var server = await ServerProcess.StartAsync(world.Start());
        using var client = server.CreateClient(world.Key("acme-shop"));

        (await client.GetStringAsync("/healthz/ready")).ShouldContain("there/k2");
        server.Output.ShouldContain("The upstream key there/k2 cannot be decrypted");
        using var response = await client.PostAsync("/v1/chat/completions", new StringContent(Call));
        response.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        upstream.RequestCount.ShouldBe(0);
    }

    [Fact]
    public async Task The_verbs_add_list_and_remove_and_a_key_on_the_command_line_is_not_taken()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        var file = await FileAsync(First + "\n");

        (await DoganaProcess.OkAsync("upstream", "key", "add", "there", "--name", "k1", "--from-file", file, "--data", world.Folder)).ShouldContain("k1");
        (await DoganaProcess.OkAsync("upstream", "list", "--data", world.Folder)).ShouldContain("k1");
        (await DoganaProcess.OkAsync("upstream", "key", "list", "there", "--json", "--data", world.Folder)).ShouldContain("\"created_by\": \"operator\"");
        (await DoganaProcess.RunAsync("upstream", "key", "add", "there", First, "--data", world.Folder)).Exit.ShouldBe(2);
        (await DoganaProcess.RunAsync("upstream", "key", "add", "there", "--from-env", "NO_SUCH_VARIABLE", "--data", world.Folder)).Error.ShouldContain("is not set");
        (await DoganaProcess.RunAsync("upstream", "key", "add", "nowhere", "--from-file", file, "--data", world.Folder)).Error.ShouldContain("No upstream has the id 'nowhere'");
        (await DoganaProcess.OkAsync("upstream", "key", "remove", "there", "k1", "--data", world.Folder)).ShouldContain("removed");
        (await DoganaProcess.OkAsync("upstream", "key", "add", "--help")).ShouldContain("--from-env OPENAI_API_KEY");
        (await DoganaProcess.OkAsync("audit", "list", "--data", world.Folder)).ShouldContain("upstream_key.remove");
    }

    [Fact]
    public async Task A_node_and_a_verb_with_another_master_key_say_so_and_name_the_remedy()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres);
        var other = stores.NewFolder();
        var key = Path.Combine(world.Folder, "master.key");

        var (exit, _, error) = await DoganaProcess.RunAsync("serve", "--postgres", world.Postgres!, "--data", other, "--urls", "http://127.0.0.1:0");
        exit.ShouldBe(1);
        error.ShouldContain("This store has a key ring");
        File.Exists(Path.Combine(other, "master.key")).ShouldBeFalse();
        await File.WriteAllTextAsync(Path.Combine(other, "master.key"), Convert.ToBase64String(new byte[32]));
        (await DoganaProcess.RunAsync("serve", "--postgres", world.Postgres!, "--data", other, "--urls", "http://127.0.0.1:0")).Error.ShouldContain("does not open this store's key ring");
        var add = new[] { "upstream", "key", "add", "there", "--from-file", await FileAsync(First), "--postgres", world.Postgres!, "--data", other };
        (await DoganaProcess.RunAsync(add)).Error.ShouldContain("does not open this store's key ring");
        (await DoganaProcess.OkAsync("org", "list", "--postgres", world.Postgres!, "--data", other)).ShouldContain("acme"); // what needs no key goes on
        await DoganaProcess.OkAsync([.. add, "--master-key-file", key]);

        await using var second = await ServerProcess.StartAsync(ServerStart.OnPostgres(world.Postgres!, other) with
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOGANA_MASTER_KEY_FILE"] = key },
        });
        second.HasExited.ShouldBeFalse();
    }

    private async Task<string> FileAsync(string text)
    {
        var path = Path.Combine(stores.NewFolder(), "key.txt");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    // The key that the upstream saw with the last request of a call that succeeded.
    private static async Task<string?> CallAsync(HttpClient client, FakeUpstreamServer upstream)
    {
        using var response = await client.PostAsync("/v1/chat/completions", new StringContent(Call));
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return upstream.Requests[^1].Headers.GetValueOrDefault("Authorization");
    }
}
