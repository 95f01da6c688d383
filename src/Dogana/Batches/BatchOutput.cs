using System.Text.Json;
using Dogana.Batches.Input;
using Dogana.Batches.Rows;
using Dogana.Files;
using Dogana.Protection;
using Dogana.Storage;

namespace Dogana.Batches;

/// <summary>
/// Puts a batch's answers together: a file of answers and one of errors, in the order of its lines, each where there are some. Both files and the batch's end are one transaction; a node that dies before leaves
/// files that nobody sees.
/// </summary>
public sealed class BatchOutput(Store store, StoredFiles files, KeyRing ring, string node, TimeProvider time)
{
    private const int AnswersAtOnce = 200;
    private const int RowsAtOnce = 1_000;

    /// <summary>Ends a batch; a problem where that cannot be done now.</summary>
    public async Task<Problem?> FinishAsync(BatchLease lease, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var batch = lease.Batch;
        if (!(await files.BeginAsync(batch.Project, $"{batch.Id}_output.jsonl", isBounded: false, cancellation)).TryGet(out var output, out var problem))
        {
            return problem;
        }

        await using (output)
        {
            if (!(await files.BeginAsync(batch.Project, $"{batch.Id}_error.jsonl", isBounded: false, cancellation)).TryGet(out var errors, out problem))
            {
                return problem;
            }

            await using (errors)
            {
                var answered = new HashSet<long>();
                if ((await CopyAsync(batch, output, errors, answered, cancellation)).TryGet(out var unanswered, out problem))
                {
                    problem = await output.FlushAsync(cancellation) ?? await errors.FlushAsync(cancellation) ?? await EndAsync(lease, output, errors, unanswered, cancellation);
                }

                if (problem is null)
                {
                    await PurgeAsync(batch.Id, cancellation);
                }

                return problem;
            }
        }
    }

    /// <summary>Deletes what batches that have ended left of their lines, where that was cut short.</summary>
    public async Task SweepAsync(CancellationToken cancellation = default)
    {
        const string left = "select distinct batch from batch_block where not exists (select 1 from batch where batch.id = batch_block.batch and batch.is_open = 1)";
        foreach (var batch in await store.ReadAsync(static session => session.QueryAsync<string>(left), cancellation))
        {
            await PurgeAsync(batch, cancellation);
        }
    }

    // How many lines had no answer.
    private async Task<Outcome<int>> CopyAsync(Batch batch, FileWriter output, FileWriter errors, HashSet<long> answered, CancellationToken cancellation)
    {
        for (long after = 0; ;)
        {
            var rows = await store.ReadAsync(
                session => session.QueryAsync<AnswerRow>(
                    "select line as Line, is_error as IsError, content as Content from batch_answer where batch = @Id and is_final = 1 and line > @after order by line limit @AnswersAtOnce",
                    new { batch.Id, after, AnswersAtOnce }),
                cancellation);
            foreach (var row in rows)
            {
                if (!ring.Unprotect(Convert.FromBase64String(row.Content), AnswerRows.PurposeOf(batch.Project, batch.Id, row.Line)).TryGet(out var content, out var problem)
                    || (problem = await WriteAsync(row.IsError == 1 ? errors : output, content, cancellation)) is not null)
                {
                    return problem;
                }

                answered.Add(after = row.Line);
            }

            if (rows.Count < AnswersAtOnce)
            {
                return batch.EndsAs == BatchStatus.Completed ? 0 : await CopyUnansweredAsync(batch, errors, answered, cancellation);
            }
        }
    }

    private async Task<Outcome<int>> CopyUnansweredAsync(Batch batch, FileWriter errors, HashSet<long> answered, CancellationToken cancellation)
    {
        // Before its lines were looked at nothing is known of them.
        if (batch.InProgressAt is null)
        {
            return 0;
        }

        if (!(await files.FindAsync(batch.Project, batch.Order.InputFile, cancellation)).TryGet(out var input, out var problem))
        {
            return problem;
        }

        var (code, message) = batch.EndsAs == BatchStatus.Cancelled
            ? ("batch_cancelled", "This request was not executed: the batch was cancelled.")
            : ("batch_expired", "This request could not be executed before the completion window expired.");
        var (lines, endpoint) = (new List<byte[]>(), LineEndpoint.Find(batch.Order.Endpoint)!);
        var count = 0;
        problem = await new InputLines(files, input).ReadAsync(
            0, input.Bytes, 1,
            at =>
            {
                if (!answered.Contains(at.Number) && !at.IsEmpty && BatchLine.Read(at.Text, at.Number, endpoint).Line is { } line)
                {
                    lines.Add(ErrorOf(line.CustomId, code, message));
                }

                return true;
            },
            cancellation);
        foreach (var line in lines)
        {
            problem ??= await WriteAsync(errors, line, cancellation);
            count++;
        }

        return problem is null ? count : problem;
    }

    private async Task<Problem?> EndAsync(BatchLease lease, FileWriter output, FileWriter errors, int unanswered, CancellationToken cancellation)
    {
        var (batch, now) = (lease.Batch, time.GetUtcNow().ToMicros());
        return await store.WriteAsync(
            async session =>
            {
                var isMine = await session.ExecuteAsync(
                    """
                    update batch set status = ends_as, is_open = 0, ended_at = @now, finalizing_at = coalesce(finalizing_at, @now), failed = failed + @unanswered,
                        output_file = @output, error_file = @errors, node = null, lease_until = 0
                    where id = @Id and node = @node and fence = @Fence and is_open = 1
                    """,
                    new { batch.Id, node, lease.Fence, now, unanswered, output = output.Bytes > 0 ? output.Id : null, errors = errors.Bytes > 0 ? errors.Id : null }) == 1;
                if (!isMine)
                {
                    return new Problem(ProblemCode.Conflict, $"Another node ends the batch {batch.Id}.");
                }

                foreach (var file in new[] { output, errors }.Where(static file => file.Bytes > 0))
                {
                    if ((await file.CompleteAsync(session, FilePurpose.BatchOutput, batch.Order.OutputKeptFor)).Problem is { } gone)
                    {
                        throw new ProblemException(gone); // nothing of this happened
                    }
                }

                await StoredFiles.LetGoAsync(session, batch.Order.InputFile);
                return null;
            },
            cancellation);
    }

    private async Task PurgeAsync(string batch, CancellationToken cancellation)
    {
        while (await store.WriteAsync(
            session => session.ExecuteAsync(
                "delete from batch_answer where batch = @batch and line in (select line from batch_answer where batch = @batch order by line limit @RowsAtOnce)", new { batch, RowsAtOnce }),
            cancellation) > 0)
        {
            // Others may write in between.
        }

        await store.WriteAsync(session => session.ExecuteAsync("delete from batch_block where batch = @batch", new { batch }), cancellation);
    }

    private static async Task<Problem?> WriteAsync(FileWriter file, byte[] line, CancellationToken cancellation) =>
        await file.WriteAsync(line, cancellation) ?? await file.WriteAsync("\n"u8.ToArray(), cancellation);

    // Source: OpenAI's API reference, "The request output object".
    private byte[] ErrorOf(string customId, string code, string message) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        id = $"batch_req_{Guid.CreateVersion7(time.GetUtcNow()):N}",
        custom_id = customId,
        response = (object?)null,
        error = new { code, message },
    });

    private sealed record AnswerRow(long Line, long IsError, string Content);
}
