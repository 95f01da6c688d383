using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace Dogana.Bench.MoneyFlow;

/// <summary>
/// What a table can take at most, without any check: rows of the columns of usage records by binary COPY into a temporary table, then INSERT … ON CONFLICT DO NOTHING, into
/// a table of the same columns and keys.
/// </summary>
internal sealed class RawCopy(NpgsqlConnection connection)
{
    private const string Columns = "source, id, ingest_sequence, payload_hash, project, organisation, channel, key_id, deployment, model, opened_at, closed_at, ending, "
        + "input_tokens, cached_input_tokens, output_tokens, meter, quantity";

    private const long Begin = 1_767_225_600_000_000; // 2026-01-01

    private long _next;

    /// <summary>Makes the table as large as the records' own.</summary>
    public async Task PrepareAsync(CancellationToken cancellation)
    {
        await ExecuteAsync("create table raw_record (like usage_record including all)", cancellation);
        await ExecuteAsync("insert into raw_record select * from usage_record", cancellation);
        await ExecuteAsync("analyze raw_record", cancellation);
        await ExecuteAsync("create temporary table incoming (like usage_record including defaults) on commit delete rows", cancellation);
        _next = 1_000_000_000;
    }

    /// <summary>Inserts one batch in a transaction of its own.</summary>
    public async Task RunAsync(int rows, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var writer = await connection.BeginBinaryImportAsync($"copy incoming({Columns}) from stdin (format binary)", cancellation))
        {
            for (var index = 0; index < rows; index++)
            {
                var number = _next++;
                await writer.StartRowAsync(cancellation);
                await TextAsync("raw");
                await TextAsync(number.ToString("x16", CultureInfo.InvariantCulture));
                await NumberAsync(number);
                await TextAsync("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
                foreach (var text in (string[])["acme-direct", "acme", "direct", "", "", "pictures"])
                {
                    await TextAsync(text);
                }

                await NumberAsync(Begin + number % 2_000_000 * 1_000_000);
                await NumberAsync(Begin + number % 2_000_000 * 1_000_000);
                await TextAsync("Completed");
                await NumberAsync(0);
                await NumberAsync(0);
                await NumberAsync(0);
                await TextAsync("pictures");
                await NumberAsync(1 + number % 9);
            }

            await writer.CompleteAsync(cancellation);

            Task TextAsync(string value) => writer.WriteAsync(value, NpgsqlDbType.Text, cancellation);

            Task NumberAsync(long value) => writer.WriteAsync(value, NpgsqlDbType.Bigint, cancellation);
        }

        await ExecuteAsync("insert into raw_record select * from incoming on conflict do nothing", cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // constants
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 3_600 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
