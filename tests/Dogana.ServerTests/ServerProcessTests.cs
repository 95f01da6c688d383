namespace Dogana.ServerTests;

/// <summary>Holds the fixture itself, with the fake upstream in the server's place: it starts in a second and keeps nothing.</summary>
public sealed class ServerProcessTests
{
    private static readonly ServerStart Fake = new() { Program = Built.Program("FakeUpstream") };

    [Fact]
    public async Task A_server_that_is_asked_to_end_gives_its_exit_code()
    {
        await using var server = await ServerProcess.StartAsync(Fake);

        (await server.TerminateAsync()).ShouldBe(0);

        server.Output.ShouldContain("listening on");
    }

    [Fact]
    public async Task A_killed_server_is_gone_and_can_start_again_on_its_port()
    {
        await using var first = await ServerProcess.StartAsync(Fake);
        first.Kill();
        first.HasExited.ShouldBeTrue();

        await using var second = await ServerProcess.StartAsync(Fake with { Port = first.Address.Port });
        using var client = second.CreateClient();
        (await client.GetStringAsync("/healthz/ready")).ShouldBe("ready");
    }

    [Fact]
    public async Task A_server_that_cannot_start_says_why()
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(Fake with { Program = "no-such-program.dll" }));

        refused.Message.ShouldContain("no-such-program.dll");
    }

    [Fact]
    public async Task A_server_that_is_never_ready_is_ended()
    {
        var refused = await Should.ThrowAsync<InvalidOperationException>(() => ServerProcess.StartAsync(Fake with { ReadyWithin = TimeSpan.Zero }));

        refused.Message.ShouldContain("not ready within");
    }
}
