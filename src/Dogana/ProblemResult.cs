using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Dogana;

/// <summary>How the admin API says that something went wrong: OpenAI's envelope, and the status of <see cref="ProblemTable"/>.</summary>
public static class ProblemResult
{
    /// <summary>The problem as a response.</summary>
    public static IResult ToHttp(this Problem problem)
    {
        var meaning = ProblemTable.Of(problem.Code);
        var error = new { error = new { message = problem.Message, type = meaning.OpenAiType, param = problem.Param, code = meaning.OpenAiCode ?? "invalid_request" } };
        var answer = Results.Json(error, statusCode: meaning.Status);
        return problem.RetryAfter is { } wait ? new Delayed(answer, wait) : answer;
    }

    /// <summary>The result as JSON with status 200, or the problem.</summary>
    public static IResult ToHttp<T>(this Outcome<T> outcome) => outcome.TryGet(out var value, out var problem) ? Results.Json(value) : problem.ToHttp();

    // Whole seconds, and never too early.
    private sealed class Delayed(IResult answer, TimeSpan wait) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var seconds = (wait.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
            httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return answer.ExecuteAsync(httpContext);
        }
    }
}
