using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Dogana.Bench.Figures;
using Dogana.Bench.Processes;
using Dogana.Bench.Rating;
using Dogana.Bench.Stores;
using Dogana.Metering;
using Dogana.Storage;
using Npgsql;

namespace Dogana.Bench.MoneyFlow;

/// <summary>How fast usage is taken in, beside what the database can do at all; and is every event there once?</summary>
internal sealed class MoneyBenchmark : IBenchmark
{
    private const int Turns = 5;

    public string Name => "money";

    public string Summary => "usage events taken in beside a raw COPY, over HTTP, and by how much there is already; lost and doubled events; rating, and the close of a month";

    public IReadOnlyList<string> Reading { get; } =
    [
        "One durable PostgreSQL (fsync on) with default settings. There are 50 M records at the comparison, 10 M with `--quick`; `--calls N` says another number.",
        "Ours takes part in the store's one writer and is single-threaded, as the raw way is.",
    ];

    public async Task<IReadOnlyList<Figure>> RunAsync(BenchRun run, CancellationToken cancellation)
    {
        var rounds = new Rounds();
        await using var postgres = await PrivatePostgres.StartAsync(cancellation);
        using var world = await BenchStore.CreateAsync([await WorldText.OwnAsync("MoneyFlow", "money-world.yaml", cancellation)], "acme-direct", cancellation, postgres.Connection);
        var sent = 0L;
        await using (var store = await world.OpenAsync(cancellation))
        {
            var intake = new EventIntake(store, TimeProvider.System);
            sent += await MeasureAsync(intake, "warm-up", 10, null, rounds, cancellation);
            foreach (var (size, name) in new[] { (10_000, "10k"), (100_000, "100k"), (1_000_000, "1M") })
            {
                run.Progress($"intake with {name} records");
                await FillAsync(store, size, cancellation);
                sent += await MeasureAsync(intake, "at-" + name, 20, MoneyFigures.At(name), rounds, cancellation);
            }

            var whole = run.Calls ?? (run.IsQuick ? 10_000_000 : 50_000_000);
            run.Progress(string.Create(CultureInfo.InvariantCulture, $"intake beside a raw COPY with {whole} records"));
            await FillAsync(store, whole, cancellation);
            sent += await CompareAsync(intake, postgres.Connection, rounds, cancellation);
        }

        run.Progress("intake over HTTP");
        var batches = run.IsQuick ? 100 : 500;
        sent += await OverHttpAsync(world, MoneyFigures.Http, MoneyFigures.HttpCpu, rounds, batches, cancellation);
        using var embedded = await BenchStore.CreateAsync([await WorldText.OwnAsync("MoneyFlow", "money-world.yaml", cancellation)], "acme-direct", cancellation);
        sent += await OverHttpAsync(embedded, MoneyFigures.HttpSqlite, MoneyFigures.HttpCpuSqlite, rounds, batches, cancellation);
        const string count = "select count(*) from usage_record where source <> 'filled'";
        var kept = await world.CountAsync(count, cancellation) + await embedded.CountAsync(count, cancellation);
        rounds.Add(MoneyFigures.Lost, Math.Max(0, sent - kept), sent);
        rounds.Add(MoneyFigures.Doubled, Math.Max(0, kept - sent), sent);
        rounds.Add(MoneyFigures.Rated, RatingLoad.Run(TimeSpan.FromSeconds(5)) / 5.0, 0);
        await MoneyClose.RunAsync(run, postgres.Connection, rounds, cancellation);
        return rounds.ToFigures();
    }

    // Rows as intake writes them, made by the database itself.
    private static Task<int> FillAsync(Store store, long size, CancellationToken cancellation) => store.WriteAsync(
        async session =>
        {
            var last = await session.LastAsync(UsageIntake.Sequence);
            if (size > last)
            {
                var first = await session.NextAsync(UsageIntake.Sequence, size - last);
                await session.ExecuteAsync(
                    """
                    insert into usage_record(source, id, ingest_sequence, payload_hash, project, organisation, channel, key_id, deployment, model, opened_at, closed_at, ending,
                        input_tokens, cached_input_tokens, output_tokens, meter, quantity)
                    select 'filled', lpad(to_hex(n), 16, '0'), n, encode(sha256(n::text::bytea), 'hex'), 'acme-direct', 'acme', 'direct', '', '', 'pictures',
                        1767225600000000 + n % 2000000 * 1000000, 1767225600000000 + n % 2000000 * 1000000, 'Completed', 0, 0, 0, 'pictures', 1
                    from generate_series(cast(@first as bigint), cast(@size as bigint)) as n
                    """, new { first, size });
                foreach (var mark in (string[])["accrual_mark", "cost_mark"])
                {
                    // All of it is rated: a server that began with it would rate it first, under the same one writer.
                    await session.ExecuteAsync(
                        $"insert into {mark}(name, ingest_sequence) values('usage', @size) on conflict(name) do update set ingest_sequence = excluded.ingest_sequence", new { size });
                }
            }

            return 0;
        },
        cancellation);

    private static async Task<long> MeasureAsync(EventIntake intake, string source, int batches, FigureKind? kind, Rounds rounds, CancellationToken cancellation)
    {
        var events = Enumerable.Range(0, batches).Select(number => EventText.Read(source, number)).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var batch in events)
        {
            await intake.AcceptAsync(batch, "bench", cancellation);
        }

        if (kind is not null)
        {
            rounds.Add(kind, batches * EventText.BatchSize / watch.Elapsed.TotalSeconds, batches * EventText.BatchSize);
        }

        return batches * EventText.BatchSize;
    }

    private static async Task<long> CompareAsync(EventIntake intake, string connection, Rounds rounds, CancellationToken cancellation)
    {
        await using var source = new NpgsqlSlimDataSourceBuilder(connection).Build();
        await using var open = await source.OpenConnectionAsync(cancellation);
        var raw = new RawCopy(open);
        await raw.PrepareAsync(cancellation);
        const int batches = 20;
        var sent = 0L;
        for (var round = 0; round <= Turns; round++)
        {
            var watch = Stopwatch.StartNew();
            for (var batch = 0; batch < batches; batch++)
            {
                await raw.RunAsync(EventText.BatchSize, cancellation);
            }

            var rawRate = batches * EventText.BatchSize / watch.Elapsed.TotalSeconds;
            var events = Enumerable.Range(0, batches).Select(number => EventText.Read(string.Create(CultureInfo.InvariantCulture, $"beside-{round}"), number)).ToArray();
            watch.Restart();
            foreach (var batch in events)
            {
                await intake.AcceptAsync(batch, "bench", cancellation);
            }

            var ours = batches * EventText.BatchSize / watch.Elapsed.TotalSeconds;
            sent += batches * EventText.BatchSize;
            if (round > 0)
            {
                rounds.Add(MoneyFigures.VersusCopy, ours / rawRate, batches * EventText.BatchSize);
                rounds.Add(MoneyFigures.Events, ours, batches * EventText.BatchSize);
                rounds.Add(MoneyFigures.Raw, rawRate, batches * EventText.BatchSize);
            }
        }

        return sent;
    }

    private static async Task<long> OverHttpAsync(BenchStore world, FigureKind events, FigureKind cpu, Rounds rounds, int batches, CancellationToken cancellation)
    {
        var key = await world.CreateKeyAsync(null, cancellation);
        var masterKey = Path.Combine(world.Folder, "master.key");
        await File.WriteAllTextAsync(masterKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellation);
        await using var server = await MeasuredProcess.StartAsync(
            "Dogana.Server", ["serve", .. (string[])(world.Postgres is { } postgres ? ["--postgres", postgres, "--data", Path.Combine(world.Folder, "node")] : ["--data", world.Folder]), "--master-key-file", masterKey], cancellation);
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
        await SendAsync(Texts("http-warm-up", 20));
        var texts = Texts("http", batches);
        var (watch, before) = (Stopwatch.StartNew(), server.Cpu);
        await SendAsync(texts);
        rounds.Add(events, batches * EventText.BatchSize / watch.Elapsed.TotalSeconds, batches * EventText.BatchSize);
        rounds.Add(cpu, (server.Cpu - before).TotalMicroseconds / (batches * EventText.BatchSize), batches * EventText.BatchSize);
        await SendAsync(texts); // all of it again
        await server.EndAsync(cancellation);
        return (batches + 20) * EventText.BatchSize;

        // Made beforehand: what is measured is the server.
        static byte[][] Texts(string source, int count) => [.. Enumerable.Range(0, count).Select(number => EventText.Batch(source, number))];

        Task SendAsync(byte[][] bodies) => Parallel.ForEachAsync(
            bodies, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation }, async (body, token) =>
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new("application/cloudevents-batch+json");
                using var answer = await http.PostAsync("/admin/v1/usage", content, token);
                if (!answer.IsSuccessStatusCode || (int)answer.StatusCode == 207)
                {
                    throw new BenchmarkFailedException($"A batch was answered with {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(token)}");
                }
            });
    }
}
