using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary><c>dogana serve</c> and the verbs around it, as an operator meets them.</summary>
public sealed class ServeTests(StoreFixture stores)
{
    [Fact]
    public async Task A_second_process_on_the_same_folder_is_refused_with_the_remedy()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());

        var (exit, _, error) = await DoganaProcess.RunAsync("serve", "--data", world.Folder, "--urls", "http://127.0.0.1:0");

        exit.ShouldBe(1);
        error.ShouldContain("in use by another dogana process");
        error.ShouldContain("--data");
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_verb_on_a_PostgreSQL_store_leaves_the_running_nodes_calls_alone()
    {
        await using var upstream = await FakeUpstream.FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase);
        await using var server = await ServerProcess.StartAsync(world.Start());
        upstream.Enqueue(new FakeUpstream.FakeScript { InputTokens = 3, OutputTokens = 4, DelayBeforeFirstByte = TimeSpan.FromSeconds(4) });
        using var client = server.CreateClient(world.Key("acme-shop"));
        var call = client.PostAsync("/v1/chat/completions", new StringContent("""{"model":"fake","messages":[{"role":"user","content":"x"}]}"""));
        await upstream.WaitForRequestsAsync(1);

        await DoganaProcess.OkAsync("key", "list", "--postgres", world.Postgres!, "--data", world.Folder);

        (await call).StatusCode.ShouldBe(System.Net.HttpStatusCode.OK);
        using var admin = new Dogana.Client.AdminClient(server.CreateClient(), world.AdminKey);
        (await admin.VerifyAsync()).Verified.ShouldBeTrue();
        var record = (await admin.ListUsageAsync()).Single();
        (record.Ending, record.OutputTokens).ShouldBe(("completed", 4));
        (await DoganaProcess.RunAsync("serve", "--postgres", world.Postgres!, "--data", world.Folder, "--urls", "http://127.0.0.1:0")).Exit.ShouldBe(1, "the folder's journal belongs to the node that runs");
    }

    [Fact]
    public async Task Verbs_work_on_a_running_server_by_its_address_and_an_admin_key()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());
        var address = server.Address.ToString();
        using var client = server.CreateClient(world.Key("lumen-app"));
        (await client.PostAsync("/v1/embeddings", new StringContent("""{"model":"use-lite","input":"hello"}"""))).EnsureSuccessStatusCode();

        (await ByUrlAsync(0, "verify")).ShouldStartWith("verified");
        (await ByUrlAsync(0, "usage", "list")).ShouldContain("use-lite");
        (await ByUrlAsync(0, "usage", "rated")).ShouldContain("input_tokens");
        (await ByUrlAsync(0, "measure", "suspend", "lumen", "--owner", "northwind", "--reason", "Test.")).ShouldContain("lumen-group");
        (await client.PostAsync("/v1/embeddings", new StringContent("""{"model":"use-lite","input":"hello"}"""))).StatusCode.ShouldBe(System.Net.HttpStatusCode.Forbidden);
        (await ByUrlAsync(0, "audit", "list")).ShouldContain("measure.suspend");
        (await ByUrlAsync(0, "ledger", "balances")).ShouldContain("unbilled_receivable");
        (await ByUrlAsync(1, "period", "close", "2100-01")).ShouldContain("is not over");
        (await DoganaProcess.RunAsync("verify", "--url", "nonsense")).Error.ShouldContain("DOGANA_ADMIN_KEY");

        async Task<string> ByUrlAsync(int exit, params string[] arguments)
        {
            var (code, output, error) = await DoganaProcess.RunAsync(world.AdminKey, [.. arguments, "--url", address]);
            code.ShouldBe(exit, output + error);
            return output + error;
        }
    }

    [Fact]
    public async Task It_listens_on_loopback_alone_unless_told_otherwise()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        await using var server = await ServerProcess.StartAsync(world.Start());
        using var client = server.CreateClient();

        (await client.GetStringAsync("/healthz/live")).ShouldBe("live\n");
        server.Output.ShouldContain("http://127.0.0.1:");
    }

    [Fact]
    public async Task TLS_comes_by_Kestrels_own_settings()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        var (certificate, key) = (Path.Combine(world.Folder, "cert.pem"), Path.Combine(world.Folder, "key.pem"));
        using (var rsa = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            var now = TimeProvider.System.GetUtcNow();
            using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
            await File.WriteAllTextAsync(certificate, made.ExportCertificatePem());
            await File.WriteAllTextAsync(key, rsa.ExportPkcs8PrivateKeyPem());
        }

        // --urls, which the fixture adds, yields to Kestrel's own endpoints.
        await using var server = ServerProcess.Launch(world.Start(
            "--Kestrel:Endpoints:Tls:Url=https://127.0.0.1:0", $"--Kestrel:Endpoints:Tls:Certificate:Path={certificate}", $"--Kestrel:Endpoints:Tls:Certificate:KeyPath={key}"));
        string? address = null;
        for (var tries = 0; tries < 300 && address is null; tries++)
        {
            await Task.Delay(100);
            address = server.Output.Split('\n').FirstOrDefault(line => line.Contains("https://", StringComparison.Ordinal));
        }

        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = static (_, presented, _, _) => presented!.Subject == "CN=localhost" },
        });
        (await client.GetStringAsync(new Uri(address![address!.IndexOf("https://", StringComparison.Ordinal)..].Trim() + "/healthz/live"))).ShouldBe("live\n");
    }

    [Fact]
    public async Task An_empty_store_becomes_a_business_by_three_verbs()
    {
        var (folder, sample) = (stores.NewFolder(), Path.Combine(Dogana.Tests.Repository.Root, "samples", "opening-day.yaml"));

        (await DoganaProcess.OkAsync("apply", "-f", sample, "--dry-run", "--data", folder)).ShouldContain("would be made");
        (await DoganaProcess.OkAsync("apply", "-f", sample, "--data", folder)).ShouldContain("created");
        (await DoganaProcess.OkAsync("apply", "-f", sample, "--data", folder)).ShouldBe("Nothing to change.\n");
        (await DoganaProcess.OkAsync("key", "create", "--project", "acme-shop", "--name", "laptop", "--data", folder)).ShouldStartWith("dgn_");
        (await DoganaProcess.OkAsync("key", "list", "--data", folder)).ShouldContain("laptop");
        (await DoganaProcess.OkAsync("org", "list", "--data", folder)).ShouldContain("lumen-group");
        (await DoganaProcess.OkAsync("audit", "list", "--json", "--data", folder)).ShouldContain("key.create");
        (await DoganaProcess.OkAsync("verify", "--data", folder)).ShouldStartWith("verified");
        var (exit, _, error) = await DoganaProcess.RunAsync("period", "close", "2100-01", "--data", folder);
        exit.ShouldBe(1);
        error.ShouldContain("2100-01 is not over");
    }

    [Theory]
    [InlineData(2, "Give --project", "key", "create")]
    [InlineData(2, "-f FILE", "apply")]
    [InlineData(2, "nonsense", "nonsense")]
    [InlineData(2, "'--postgress' is no option", "serve", "--postgress", "x")]
    [InlineData(1, "There is no store in", "verify")]
    [InlineData(1, "There is no file", "apply", "-f", "/no/such/file.yaml")]
    [InlineData(1, "No project has the id 'nobody'", "key", "create", "--project", "nobody")]
    public async Task Misuse_exits_2_a_no_exits_1_and_both_name_the_remedy(int exit, string says, params string[] arguments)
    {
        var (code, output, error) = await DoganaProcess.RunAsync([.. arguments, "--data", stores.NewFolder()]);

        code.ShouldBe(exit, output + error);
        (output + error).ShouldContain(says);
        error.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_fault_in_the_world_file_is_named_by_line_and_nothing_changes()
    {
        var folder = stores.NewFolder();
        var file = Path.Combine(folder, "bad.yaml");
        await File.WriteAllTextAsync(file, "dogana: 1\norganisations:\n  - { id: acme, name: Acme, country: FR, time_zone: Europe/Pariss }\n");

        var (exit, _, error) = await DoganaProcess.RunAsync("apply", "-f", file, "--data", Path.Combine(folder, "data"));

        exit.ShouldBe(1);
        error.ShouldContain("bad.yaml:3:");
        error.ShouldContain("organisations[0].time_zone");
        (await DoganaProcess.OkAsync("org", "list", "--data", Path.Combine(folder, "data"))).ShouldNotContain("acme");
    }

    [Fact]
    public async Task Every_verb_has_help_with_what_it_does()
    {
        foreach (var verb in new[] { "demo", "serve", "apply", "key", "upstream", "org", "measure", "standing", "usage", "period", "invoice", "statement", "ledger", "verify", "audit" })
        {
            (await DoganaProcess.OkAsync(verb, "--help")).ShouldContain("Usage:");
        }
    }
}
