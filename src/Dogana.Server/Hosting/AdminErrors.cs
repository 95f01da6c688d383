using System.Data.Common;
using System.Text.Json;

namespace Dogana.Server.Hosting;

/// <summary>The edge of the process: bad input that a binder refused, and faults, as the admin API says them.</summary>
internal static partial class AdminErrors
{
    /// <summary>Adds it before everything else.</summary>
    public static void UseAdminErrors(this WebApplication app)
    {
        var log = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AdminErrors));
        app.Use(async (http, next) =>
        {
            try
            {
                await next(http);
            }
            catch (Exception refused) when (refused is BadHttpRequestException or JsonException && !http.Response.HasStarted)
            {
                var status = (refused as BadHttpRequestException)?.StatusCode;
                var code = status == StatusCodes.Status413PayloadTooLarge ? ProblemCode.BodyTooLarge : ProblemCode.InvalidJson;
                await new Problem(code, "The request could not be read: " + Explain(refused)).ToHttp().ExecuteAsync(http);
            }
            catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
            {
                // Nobody is there to answer.
            }
            catch (Exception away) when (away is DbException or TimeoutException && !http.Response.HasStarted)
            {
                LogFault(log, away, http.Request.Path);
                await new Problem(ProblemCode.StaleSnapshot, "The store does not answer. Try again shortly; the server's log has the details.").ToHttp().ExecuteAsync(http);
            }
#pragma warning disable CA1031 // the edge of the process
            catch (Exception fault) when (!http.Response.HasStarted)
#pragma warning restore CA1031
            {
                LogFault(log, fault, http.Request.Path);
                await new Problem(ProblemCode.Internal, "The server met a fault; its log has the details.").ToHttp().ExecuteAsync(http);
            }
        });
    }

    // The reader's own words name .NET types; what a caller needs is the place.
    private static string Explain(Exception refused) => (refused as JsonException ?? refused.InnerException) is JsonException { Path: { Length: > 0 } path }
        ? $"the value at '{path}' is missing, unknown or of the wrong type."
        : refused is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? "it is too large."
        : "a parameter or the body is not what this path takes.";

    [LoggerMessage(3101, LogLevel.Error, "A request to {Path} met a fault.")]
    private static partial void LogFault(ILogger logger, Exception fault, string path);
}
