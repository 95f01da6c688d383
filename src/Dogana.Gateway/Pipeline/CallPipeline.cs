using System.Buffers;
using Dogana.Gateway.Dialects;
using Dogana.Gateway.Requests;
using Dogana.Gateway.Snapshots;
using Dogana.Gateway.Upstreams;
using Dogana.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Dogana.Gateway.Pipeline;

/// <summary>
/// The way of a call, top to bottom, in ten numbered steps. Steps 1 to 7 touch memory and the node's own journal only; the store is not asked.
/// Every ending settles exactly once: whoever opened the call in step 5 closes it in step 9.
/// </summary>
/// <remarks>
/// <code>
///  client ─► 1 Read ─► 2 Identify ─► 3 Standing ─► 4 Market ─► 5 Reserve (opened) ─► 6 Route ─► 7 Send ─► upstream
///  client ◄─ 10 End ◄─ 9 Settle (closed, on disk) ◄─────────────────────────────────── 8 Relay ◄───────── upstream
/// </code>
/// Identify comes before the body is read in, so that a stranger cannot make the server buffer megabytes (docs/decisions/0004).
/// </remarks>
internal sealed partial class CallPipeline(
    SnapshotKeeper snapshots, UsageJournal journal, UpstreamPool upstreams, GatewayOptions options, TimeProvider time, IHostApplicationLifetime lifetime,
    ILogger<CallPipeline> log)
{
    private static readonly TimeSpan CutDelay = TimeSpan.FromMilliseconds(100);

    private int _openCalls;

    /// <summary>Runs one call to its end. Never throws for anything that a client, an upstream or the disk can do.</summary>
    public async Task RunAsync(HttpContext http, Dialect dialect, Operation operation, string? pathDeployment = null)
    {
        var callId = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        dialect.NameCall(http.Response, callId);
        Problem? problem;
        try
        {
            problem = Interlocked.Increment(ref _openCalls) > options.OpenCallsMax
                ? new Problem(ProblemCode.Busy, "This node has as many calls open as it takes. Try again shortly.")
                : await ServeAsync(http, dialect, operation, pathDeployment, callId);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return; // nobody is there to answer
        }
        finally
        {
            Interlocked.Decrement(ref _openCalls);
        }

        if (problem is null)
        {
            return;
        }

        if (ProblemTable.Of(problem.Code).Status >= 500)
        {
            LogFailed(callId, problem.Code, problem.Message);
        }
        else
        {
            LogRefused(callId, problem.Code);
        }

        if (!http.Response.HasStarted)
        {
            await dialect.WriteErrorAsync(http.Response, problem);
        }
    }

    private async Task<Problem?> ServeAsync(HttpContext http, Dialect dialect, Operation operation, string? pathDeployment, string callId)
    {
        // 2 Identify: credential → key → project → organisation → family → channel.
        var credential = Dialect.Credential(http.Request);
        if (!snapshots.Current.TryGet(out var snapshot, out var problem) || !Admission.Identify(snapshot, credential, time.GetUtcNow()).TryGet(out var caller, out problem))
        {
            return problem;
        }

        // 1 Read: the body stays bytes; only what decides the call is looked at.
        if (!(await BodyReader.ReadAsync(http, options.BodyBytesMax)).TryGet(out var body, out problem)
            || !RequestReader.Read(body, operation, options.ChoicesMax).TryGet(out var request, out problem))
        {
            return problem;
        }

        // A body may take hours to arrive: what decides the call is what holds now.
        var now = time.GetUtcNow();
        if (!snapshots.Current.TryGet(out snapshot, out problem)
            || !Admission.Identify(snapshot, credential, now).TryGet(out caller, out problem)
            || !Admission.Resolve(snapshot, request, pathDeployment).TryGet(out var resolved, out problem))
        {
            return problem;
        }

        // 3 Standing, 4 Market.
        var (deployment, model) = resolved;
        if (Admission.CheckStanding(snapshot, caller, model, now) is { } suspended)
        {
            return suspended;
        }

        if (Admission.CheckMarket(snapshot, caller, model) is { } closed)
        {
            return closed;
        }

        // 6 Route comes before the reservation can be counted: the bound on prompt tokens is the upstream's own.
        if (!upstreams.Find(snapshot.Catalog.Upstreams[deployment.Upstream]).TryGet(out var upstream, out problem))
        {
            return problem;
        }

        // 5 Reserve: the most that it can cost is in the journal before anything is sent.
        var outputMax = operation == Operation.Embeddings ? 0 : request.MaxOutputTokens ?? deployment.DefaultOutputCap;
        var call = new UpstreamCall(callId, request, deployment, outputMax);
        if (!upstream.Prepare(call).TryGet(out var prepared, out problem)
            || !Admission.Hold(snapshot, caller, model, prepared.PromptTokensMax, outputMax * request.Choices, now).TryGet(out var held, out problem))
        {
            return problem;
        }

        var opened = new OpenedCall(
            callId, caller.Project.Id, caller.Organisation.Id, caller.Channel.Id, caller.Key.Id, deployment.Name, model.Id, now, held);
        try
        {
            journal.Open(opened);
        }
        catch (IOException fault)
        {
            LogJournalFailed(fault, callId);
            return new Problem(ProblemCode.JournalUnavailable, "The usage journal cannot be written. Nothing is served unmetered; try again shortly.");
        }

        return await SendAndSettleAsync(http, dialect, prepared, request.IncludeUsage, opened);
    }

    private async Task<Problem?> SendAndSettleAsync(HttpContext http, Dialect dialect, PreparedCall call, bool includeUsage, OpenedCall opened)
    {
        using var deadline = new CancellationTokenSource(options.CallTimeout, time);
        var settlement = new Settlement(journal, opened, time);
        try
        {
            // 7 Send.
            var sent = await call.SendAsync(http.RequestAborted, deadline.Token);
            if (!sent.TryGet(out var answer, out var problem))
            {
                await settlement.CloseAsync(IsRefusal(problem.Code) ? CallEnding.Refused : CallEnding.UpstreamFailed, default);
                return problem;
            }

            await using (answer)
            {
                // 8 Relay, 9 Settle, 10 End.
                return answer is StreamedAnswer stream
                    ? await RelayStreamAsync(http, dialect, stream, includeUsage, settlement)
                    : await RelayWholeAsync(http, (WholeAnswer)answer, settlement);
            }
        }
        catch (IOException fault) when (settlement.IsFailed)
        {
            // Closed could not be written: the answer must not look complete.
            LogJournalFailed(fault, opened.Id);
            return Abandon(http, new Problem(ProblemCode.JournalUnavailable, "The usage journal cannot be written. Nothing is served unmetered; try again shortly."));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            await settlement.TryCloseAsync(GoneEnding(), default);
            return null;
        }
#pragma warning disable CA1031 // whatever happened, the call is settled; the fault is logged and answered
        catch (Exception fault)
#pragma warning restore CA1031
        {
            LogFault(fault, opened.Id);
            await settlement.TryCloseAsync(CallEnding.UpstreamFailed, default);
            return Abandon(http, new Problem(ProblemCode.Internal, $"The server had an error while processing your request. Its id is {opened.Id}."));
        }
    }

    private async Task<Problem?> RelayWholeAsync(HttpContext http, WholeAnswer answer, Settlement settlement)
    {
        if (http.RequestAborted.IsCancellationRequested)
        {
            // The client left while the upstream worked for it.
            await settlement.CloseAsync(GoneEnding(), answer.Usage);
            return null;
        }

        // 9 Settle: on disk before the first byte, which for a whole answer is also the last.
        await settlement.CloseAsync(CallEnding.Completed, answer.Usage);

        // 10 End.
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = answer.Body.Length;
        await http.Response.BodyWriter.WriteAsync(answer.Body, http.RequestAborted);
        return null;
    }

    private async Task<Problem?> RelayStreamAsync(HttpContext http, Dialect dialect, StreamedAnswer answer, bool includeUsage, Settlement settlement)
    {
        var response = http.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        try
        {
            // 8 Relay: each event's bytes as they came.
            while (await answer.NextAsync() is { } piece)
            {
                if (!piece.IsUsageOnly || includeUsage)
                {
                    WriteEvent(response.BodyWriter, piece.Data.Span);
                    await response.BodyWriter.FlushAsync(http.RequestAborted);
                }

                http.RequestAborted.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left: what was generated for it is charged, by the upstream's own count where it still comes.
            await answer.DrainAsync(options.DrainTimeout);
            await settlement.CloseAsync(GoneEnding(), answer.Usage);
            return null;
        }
        catch (ProblemException failure)
        {
            // 9 Settle, 10 End: the client sees an error event and a broken connection, never a complete stream.
            await settlement.CloseAsync(CallEnding.UpstreamFailed, default);
            if (!response.HasStarted)
            {
                response.Headers.CacheControl = default;
                return failure.Problem;
            }

            WriteEvent(response.BodyWriter, dialect.Error(failure.Problem));
            await response.BodyWriter.FlushAsync(CancellationToken.None);
            await Task.Delay(CutDelay, time); // a flush ends before the socket has the bytes; cut at once, the reason would be lost with them
            return Abandon(http, failure.Problem);
        }

        // 9 Settle: on disk before the last byte leaves.
        await settlement.CloseAsync(CallEnding.Completed, answer.Usage);

        // 10 End.
        WriteEvent(response.BodyWriter, "[DONE]"u8);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
        return null;
    }

    private static void WriteEvent(IBufferWriter<byte> writer, ReadOnlySpan<byte> data)
    {
        // A payload of several lines came in several data fields, and leaves so.
        foreach (var line in data.Split((byte)'\n'))
        {
            writer.Write("data: "u8);
            writer.Write(data[line]);
            writer.Write("\n"u8);
        }

        writer.Write("\n"u8);
    }

    // Refused without work done, for the caller's fault or for want of room.
    private static bool IsRefusal(ProblemCode code) => code is ProblemCode.UpstreamRejected or ProblemCode.Busy or ProblemCode.ContextLengthExceeded
        or ProblemCode.InvalidRequest or ProblemCode.OperationNotSupported;

    // A connection that this server broke off itself, at the end of its drain, is not the client's doing.
    private CallEnding GoneEnding() => lifetime.ApplicationStopping.IsCancellationRequested ? CallEnding.Interrupted : CallEnding.ClientClosed;

    private static Problem Abandon(HttpContext http, Problem problem)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
        }

        return problem;
    }

    [LoggerMessage(2101, LogLevel.Debug, "Call {CallId} ended with {Code}.")]
    private partial void LogRefused(string callId, ProblemCode code);

    [LoggerMessage(2104, LogLevel.Warning, "Call {CallId} failed with {Code}: {Message}")]
    private partial void LogFailed(string callId, ProblemCode code, string message);

    [LoggerMessage(2102, LogLevel.Error, "The usage journal failed; call {CallId} was not served.")]
    private partial void LogJournalFailed(Exception fault, string callId);

    [LoggerMessage(2103, LogLevel.Error, "Call {CallId} met a fault.")]
    private partial void LogFault(Exception fault, string callId);

    /// <summary>Closes a call in the journal once, whoever comes first.</summary>
    private sealed class Settlement(UsageJournal journal, OpenedCall opened, TimeProvider time)
    {
        private bool _isClosed;

        public bool IsFailed { get; private set; }

        /// <summary>Closes where nobody is left to be told that the journal failed; the journal itself refuses every later call.</summary>
        public async Task TryCloseAsync(CallEnding ending, TokenUsage usage)
        {
            try
            {
                await CloseAsync(ending, usage);
            }
            catch (IOException)
            {
                // Said by IsFailed, by readiness and by every call after this one.
            }
        }

        public async Task CloseAsync(CallEnding ending, TokenUsage usage)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            try
            {
                await journal.CloseAsync(opened.Close(journal.Node, time.GetUtcNow(), ending, usage));
            }
            catch (IOException)
            {
                IsFailed = true;
                throw;
            }
        }
    }
}
