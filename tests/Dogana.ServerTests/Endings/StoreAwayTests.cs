using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Dogana.Tests;
using Dogana.Tests.Storage;
using FakeUpstream;
using Npgsql;

namespace Dogana.ServerTests.Endings;

/// <summary>Two nodes on a PostgreSQL that does not answer, in every way: no limit is passed, no key is called wrong, nothing is lost, and they come back by themselves.</summary>
public sealed class StoreAwayTests(StoreFixture stores)
{
    private const int PerMinute = 600;

    private const string Limited = """
        dogana: 1
        deployments:
          - { name: limited, model: fake-chat, upstream: there, upstream_model: fake, default_output_cap: 20, requests_per_minute: 600 }
        """;

    [Theory]
    [InlineData("its writes wait 10 s")]
    [InlineData("it is stopped, and started again")]
    [InlineData("all its processes stand still 8 s")]
    [InlineData("it is restarted")]
    public async Task A_store_that_is_away_costs_refusals_and_nothing_else(string fault)
    {
        await using var postgres = await OwnPostgres.StartAsync();
        await using var upstream = await FakeUpstreamServer.StartAsync();
        await using var world = await TestWorld.CreateAsync(stores, StoreKind.Postgres, upstream.OpenAiBase, Limited, postgres.Connection);
        var second = stores.NewFolder();
        await using (var one = await ServerProcess.StartAsync(world.Start()))
        await using (var other = await ServerProcess.StartAsync(ServerStart.OnPostgres(world.Postgres!, second, "--master-key-file", Path.Combine(world.Folder, "master.key"))))
        {
            (string, string)[] headers = [("authorization", "Bearer " + world.Key("acme-shop"))];
            var calls = new Calls([one.Address, other.Address], headers);
            await calls.UntilAsync(TimeSpan.FromSeconds(2));
            calls.Seen.ShouldContain(static call => call.Status == 200);

            var away = calls.Elapsed;
            var back = TimeSpan.Zero;
            var faulting = Task.Run(async () =>
            {
                await postgres.FailAsync(fault);
                back = calls.Elapsed;
            });
            while (!faulting.IsCompleted)
            {
                await calls.UntilAsync(calls.Elapsed + TimeSpan.FromMilliseconds(500));
            }

            await faulting;
            await calls.UntilAsync(back + TimeSpan.FromSeconds(8));

            // Refused for want of knowledge or of room; never for a key that nobody could look up, and never half.
            calls.Seen.Select(static call => call.Status).Distinct().ShouldBeSubsetOf([200, 429, 503]);
            var minutes = (int)(calls.Elapsed.TotalMinutes + 2);
            calls.Seen.Count(static call => call.Status == 200).ShouldBeLessThanOrEqualTo(PerMinute * minutes);
            if (back - away > TimeSpan.FromSeconds(7) && fault != "its writes wait 10 s")
            {
                // What is read is known for 5 s, and not a moment longer than a call takes.
                calls.Seen.Where(call => call.Begun > away + TimeSpan.FromSeconds(6) && call.Begun < back - TimeSpan.FromMilliseconds(200)).ShouldAllBe(static call => call.Status == 503);
            }

            foreach (var address in new[] { one.Address, other.Address })
            {
                calls.Seen.ShouldContain(call => call.Status == 200 && call.Address == address && call.Begun > back && call.Begun < back + TimeSpan.FromSeconds(5), $"recovery of {address}");
            }

            await UsageAsync(postgres.Connection, calls.Seen.Count(static call => call.Status == 200));
        }
    }

    private static async Task UsageAsync(string connection, int served)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        for (var tries = 0; ; tries++)
        {
            await using var command = source.CreateCommand("select count(*) from usage_record where ending = 'Completed'");
            var count = (long)(await command.ExecuteScalarAsync())!;
            if (count == served)
            {
                return;
            }

            (count < served && tries < 200).ShouldBeTrue($"{count} of {served} calls are in the store");
            await Task.Delay(100);
        }
    }

    // Four callers on two nodes, one after the other each.
    private sealed class Calls(Uri[] addresses, (string, string)[] headers)
    {
        private readonly long _begun = Stopwatch.GetTimestamp();
        private readonly List<(Uri Address, TimeSpan Begun, int Status)> _seen = [];

        public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_begun);

        public IReadOnlyList<(Uri Address, TimeSpan Begun, int Status)> Seen => _seen;

        public Task UntilAsync(TimeSpan end) => Task.WhenAll(Enumerable.Range(0, 4).Select(async caller =>
        {
            while (Elapsed < end)
            {
                var (address, begun) = (addresses[caller % addresses.Length], Elapsed);
                var answer = await RawAnswer.PostAsync(address, "/v1/chat/completions", Call.Chat.Body("limited", stream: false), headers);
                lock (_seen)
                {
                    _seen.Add((address, begun, answer.Status));
                }

                await Task.Delay(50);
            }
        }));
    }

    // A server of the test's own: what is done to it would fail everybody else's tests.
    private sealed class OwnPostgres(string folder, string port) : IAsyncDisposable
    {
        public string Connection { get; private set; } = "";

        public static async Task<OwnPostgres> StartAsync()
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = $"{((IPEndPoint)listener.LocalEndpoint).Port}";
            listener.Stop();
            var postgres = new OwnPostgres(Path.Combine(Path.GetTempPath(), $"dogana-a-{Environment.ProcessId}-{port}"), port);
            postgres.Connection = await RunAsync("start", postgres.Folder, port);
            return postgres;
        }

        private string Folder => folder;

        public async Task FailAsync(string fault)
        {
            switch (fault)
            {
                case "its writes wait 10 s":
                    await using (var source = NpgsqlDataSource.Create(Connection))
                    await using (var command = source.CreateCommand("select pg_advisory_lock(110429638585953), pg_sleep(10)")) // the lock that every write takes
                    {
                        await command.ExecuteNonQueryAsync();
                    }

                    return;
                case "it is stopped, and started again":
                    await RunAsync("stop", folder);
                    await Task.Delay(TimeSpan.FromSeconds(9));
                    await RunAsync("start", folder, port);
                    return;
                case "it is restarted":
                    await RunAsync("stop", folder);
                    await RunAsync("start", folder, port);
                    return;
                default:
                    await SignalAsync("-STOP");
                    try
                    {
                        await Task.Delay(TimeSpan.FromSeconds(8));
                    }
                    finally
                    {
                        await SignalAsync("-CONT");
                    }

                    return;
            }
        }

        public async ValueTask DisposeAsync()
        {
            NpgsqlConnection.ClearAllPools();
            await RunAsync("stop", folder);
            Directory.Delete(folder, recursive: true);
        }

        private async Task SignalAsync(string signal)
        {
            var server = (await File.ReadAllLinesAsync(Path.Combine(folder, "data", "postmaster.pid")))[0];
            var children = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(static name => name!.All(char.IsAsciiDigit)).Where(name => ParentOf(name!) == server);
            using var process = Process.Start("kill", [signal, server, .. children!]);
            await process.WaitForExitAsync();

            static string? ParentOf(string process)
            {
                try
                {
                    var state = File.ReadAllText($"/proc/{process}/stat");
                    return state[(state.LastIndexOf(')') + 2)..].Split(' ')[1];
                }
                catch (IOException)
                {
                    return null; // it has ended
                }
            }
        }

        private static async Task<string> RunAsync(params string[] arguments)
        {
            var start = new ProcessStartInfo(Path.Combine(Repository.Root, "tools", "postgres"), arguments) { RedirectStandardOutput = true, UseShellExecute = false };
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0, string.Join(' ', arguments));
            return output.Trim();
        }
    }
}
