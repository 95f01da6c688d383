using System.Text.Json;
using Dogana.Batches;
using Dogana.Gateway.Pipeline;
using Dogana.Metering;

namespace Dogana.Gateway.Batches;

/// <summary>Runs a block: each line that has no answer, as many at once as the node has places, and gives the block back.</summary>
internal sealed class BlockRun(
    BlockLease block, CallPipeline pipeline, BatchLeases leases, BatchAnswers answers, UsageJournal journal, SemaphoreSlim places, TimeProvider time, CancellationToken halt, CancellationToken stop)
{
    private const int TriesMax = 3;

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeftPause = TimeSpan.FromSeconds(2);

    private readonly Lock _pausing = new();
    private DateTimeOffset _notBefore;
    private bool _isHalted;

    /// <summary>Runs it. A problem: its lines cannot be read.</summary>
    public async Task<Problem?> RunAsync()
    {
        Problem? problem = null;
        try
        {
            if ((await leases.ReadAsync(block, halt)).TryGet(out var lines, out problem))
            {
                await RunAsync(lines);
            }

            return problem;
        }
        catch (OperationCanceledException) when (halt.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            // What may be another node's to decide, or cannot be read, is looked at again a little later; what the server's end left, at once.
            var soonest = time.GetUtcNow() + (_isHalted ? TimeSpan.Zero : LeftPause);
            await answers.ReleaseAsync(block, _notBefore > soonest ? _notBefore : soonest);
        }
    }

    private async Task RunAsync(IReadOnlyList<(long Number, BatchLine Line)> lines)
    {
        var running = new List<Task>(lines.Count);
        foreach (var (number, line) in lines)
        {
            if (IsPaused())
            {
                break;
            }

            try
            {
                await places.WaitAsync(halt);
            }
            catch (OperationCanceledException) when (halt.IsCancellationRequested)
            {
                _isHalted = true;
                break;
            }

            running.Add(RunAsync(number, line));
        }

        await Task.WhenAll(running);
        if (_notBefore > time.GetUtcNow())
        {
            await leases.PauseAsync(block.Batch.Id, _notBefore, CancellationToken.None);
        }
    }

    private async Task RunAsync(long number, BatchLine line)
    {
        try
        {
            await Task.Yield();
            for (var tries = 1; !IsPaused(); tries++)
            {
                var result = await LineCall.MakeAsync(pipeline, block.Batch, line, (call, body) => answers.KeepAsync(block, number, call, Content(call, line, 200, body)), stop);
                if (result.End == LineEnd.Failed && tries < TriesMax)
                {
                    await Task.Delay(RetryPause * tries, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    continue;
                }

                await TakeAsync(number, line, result);
                return;
            }
        }
        finally
        {
            places.Release();
        }
    }

    private async Task TakeAsync(long number, BatchLine line, LineResult result)
    {
        switch (result.End)
        {
            case LineEnd.Answered:
                await answers.ConfirmAsync(block, number, result.Call);
                break;
            case LineEnd.Undecided when !journal.IsFailed: // when it is, only the next start knows what is on disk
                answers.LetGo(result.Call);
                Pause(LeftPause);
                break;
            case LineEnd.Undecided:
                Pause(LeftPause);
                break;
            case LineEnd.Later:
                Pause(result.Wait);
                break;
            default:
                await answers.FailAsync(block, number, Content(result.Call, line, result.Status, result.Body));
                break;
        }
    }

    private bool IsPaused()
    {
        lock (_pausing)
        {
            return _notBefore > time.GetUtcNow();
        }
    }

    private void Pause(TimeSpan wait)
    {
        var until = time.GetUtcNow() + wait;
        lock (_pausing)
        {
            _notBefore = until > _notBefore ? until : _notBefore;
        }
    }

    // A line of a file. Source: OpenAI's API reference, "The request output object".
    private static byte[] Content(string call, BatchLine line, int status, ReadOnlyMemory<byte> body) => JsonAnswer.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("id", "batch_req_" + call.Replace("-", "", StringComparison.Ordinal));
        writer.WriteString("custom_id", line.CustomId);
        writer.WriteStartObject("response");
        writer.WriteNumber("status_code", status);
        writer.WriteString("request_id", call);
        writer.WritePropertyName("body");
        WriteOnOneLine(writer, body);
        writer.WriteEndObject();
        writer.WriteNull("error");
        writer.WriteEndObject();
    }).ToArray();

    // An upstream may write its JSON on many lines; here a line is an answer.
    private static void WriteOnOneLine(Utf8JsonWriter writer, ReadOnlyMemory<byte> body)
    {
        if (body.Length > 0 && !body.Span.ContainsAny("\n\r"u8))
        {
            writer.WriteRawValue(body.Span, skipInputValidation: true);
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(body.Length == 0 ? "null"u8.ToArray() : body);
            document.RootElement.WriteTo(writer);
        }
        catch (JsonException)
        {
            writer.WriteNullValue();
        }
    }
}
