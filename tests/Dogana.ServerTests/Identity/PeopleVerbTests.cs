using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Identity;

/// <summary>The first owner and the next people, by verbs, as in docs/operate/people.md.</summary>
public sealed class PeopleVerbTests(StoreFixture stores)
{
    private const string Password = "three plain words here";

    [Fact]
    public async Task The_first_owner_is_invited_on_the_store_and_signs_in_on_the_server()
    {
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Sqlite);
        var invited = await DoganaProcess.OkAsync("user", "invite", "ana@example.com", "--role", "owner", "--data", world.Folder);
        (await DoganaProcess.OkAsync("role", "matrix", "--data", world.Folder)).ShouldContain("key.write");
        (await DoganaProcess.RunAsync("user", "invite", "ana@example.com", "--role", "pope", "--data", world.Folder)).Error.ShouldContain("There is no role 'pope'");
        (await DoganaProcess.RunAsync("user", "invite", "ana@example.com", "--data", world.Folder)).Exit.ShouldBe(2);
        (await DoganaProcess.RunAsync("key", "create", "--project", "acme-shop", "--role", "finance", "--data", world.Folder)).Exit.ShouldBe(2);
        (await DoganaProcess.OkAsync("user", "invite", "--help")).ShouldContain("--role customer_admin --organisation acme");

        await using var server = await ServerProcess.StartAsync(world.Start());
        string[] url = ["--url", server.Address.ToString()];
        var text = invited.Split('\n')[0];
        (await RunAsync(["user", "accept", .. url], ("DOGANA_INVITATION", text), ("DOGANA_PASSWORD", Password))).ShouldContain("ana@example.com can sign in");
        var session = (await RunAsync(["sign-in", "--email", "ana@example.com", .. url], ("DOGANA_PASSWORD", Password))).Trim();
        (await FailAsync(["sign-in", "--email", "ana@example.com", .. url], ("DOGANA_PASSWORD", "another password"))).ShouldContain("is wrong");
        (await FailAsync(["user", "list", .. url], ("DOGANA_ADMIN_KEY", session))).ShouldContain("second factor");
        var secret = (await RunAsync(["user", "enrol", .. url], ("DOGANA_ADMIN_KEY", session))).Split('\n')[0].Trim();
        var code = new OtpNet.Totp(OtpNet.Base32Encoding.ToBytes(secret)).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime);
        (await RunAsync(["user", "confirm", .. url], ("DOGANA_ADMIN_KEY", session), ("DOGANA_CODE", code))).Split('\n').Count(static line => line.Trim().Length == 19).ShouldBe(10);
        (await RunAsync(["user", "list", .. url], ("DOGANA_ADMIN_KEY", session))).ShouldContain("owner over platform");
        (await RunAsync(["key", "create", "--admin", "--role", "developer", "--organisation", "acme", "--days", "9", .. url], ("DOGANA_ADMIN_KEY", session))).ShouldContain("admin key");
        (await RunAsync(["key", "list", .. url], ("DOGANA_ADMIN_KEY", session))).ShouldContain("developer@organisation:acme");
        (await RunAsync(["sign-out", .. url], ("DOGANA_ADMIN_KEY", session))).ShouldContain("Signed out");
        (await FailAsync(["user", "list", .. url], ("DOGANA_ADMIN_KEY", session))).ShouldContain("Sign in again");
        server.Output.ShouldNotContain(session);
        server.Output.ShouldNotContain(Password);
    }

    private static async Task<string> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var (exit, output, error) = await DoganaProcess.RunAsync(environment.ToDictionary(static item => item.Name, static item => item.Value, StringComparer.Ordinal), arguments);
        exit.ShouldBe(0, $"{string.Join(' ', arguments)}\n{error}\n{output}");
        return output;
    }

    private static async Task<string> FailAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var (exit, _, error) = await DoganaProcess.RunAsync(environment.ToDictionary(static item => item.Name, static item => item.Value, StringComparer.Ordinal), arguments);
        exit.ShouldBe(1);
        return error;
    }
}
