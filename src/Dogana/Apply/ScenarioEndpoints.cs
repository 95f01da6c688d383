using System.Text.Json;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Insight;
using Dogana.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Dogana.Apply;

/// <summary>What-if in the admin API. Here and not in Insight, because scenarios are files, and files are read here.</summary>
public static class ScenarioEndpoints
{
    private const int DefaultSeed = 1;

    /// <summary>Maps <c>POST /insight/what-if</c> and <c>POST /insight/what-if/check</c>.</summary>
    public static RouteGroupBuilder MapScenarios(this RouteGroupBuilder admin)
    {
        ArgumentNullException.ThrowIfNull(admin);
        admin.MapPost("/insight/what-if", ReportAsync).Produces<WhatIfReport>().Produces<ApplyRefusal>(StatusCodes.Status400BadRequest)
            .WithSummary("Scenarios beside the baseline: one as YAML or JSON text (text/yaml, ?file=), or several as { \"scenarios\": [{ \"file\", \"text\" }] } (?seed=)").Needs(Permission.InsightRead);
        admin.MapPost("/insight/what-if/check", CheckAsync).Produces<WhatIfCheckRecord>().Produces<ApplyRefusal>(StatusCodes.Status400BadRequest)
            .WithSummary("Is everything in scenarios known, to come and of one mind?").Needs(Permission.InsightRead);
        return admin;
    }

    private static Task<IResult> ReportAsync([AsParameters] InsightRequest request, string? file, int? seed, HttpContext http, Store store, CancellationToken cancellation) =>
        AnswerAsync(request, file, http, store, async (session, scope, scenarios) =>
            (await WhatIfReports.ReadAsync(session, scope, scenarios, seed ?? DefaultSeed)).TryGet(out var report, out var problem) ? Results.Json(report) : problem.ToHttp(), cancellation);

    private static Task<IResult> CheckAsync([AsParameters] InsightRequest request, string? file, HttpContext http, Store store, CancellationToken cancellation) =>
        AnswerAsync(request, file, http, store, static (_, _, scenarios) => Task.FromResult(Results.Json(new WhatIfCheckRecord(
            [.. scenarios.Select(static scenario => new WhatIfCheckedRecord(scenario.File, scenario.Name, scenario.Months, WhatIfReports.Describe(scenario)))]))), cancellation);

    private static async Task<IResult> AnswerAsync(
        InsightRequest request, string? file, HttpContext http, Store store, Func<StoreSession, ReportScope, IReadOnlyList<Scenario>, Task<IResult>> answer, CancellationToken cancellation)
    {
        if (!(await ReadAsync(http.Request, file, cancellation)).TryGet(out var files, out var problem))
        {
            return problem.ToHttp();
        }

        await RevenueRollup.RunAsync(store, cancellation);
        try
        {
            return await store.ReadAsync(async session =>
            {
                if (!(await ReportScope.ResolveAsync(session, request, ReportScope.MonthsMax)).TryGet(out var scope, out var wrong))
                {
                    return wrong.ToHttp();
                }

                var (scenarios, faults) = (new List<Scenario>(), new List<WorldFault>());
                foreach (var one in files)
                {
                    var parsed = ScenarioFile.Parse(one.Text, one.File);
                    var read = parsed.TryGet(out var scenario) ? await scenario.CheckAsync(session, scope) : new WorldOutcome<Scenario>(parsed.Faults);
                    faults.AddRange(read.Faults);
                    if (read.TryGet(out var whole))
                    {
                        scenarios.Add(whole);
                    }
                }

                return faults.Count > 0 ? ApplyEndpoints.Refused(faults) : await answer(session, scope, scenarios);
            }, cancellation);
        }
        catch (ProblemException refused)
        {
            return refused.Problem.ToHttp();
        }
    }

    private static async Task<Outcome<IReadOnlyList<WhatIfFile>>> ReadAsync(HttpRequest request, string? file, CancellationToken cancellation)
    {
        if (request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() is not "application/json")
        {
            return (await ApplyEndpoints.ReadAsync(request, cancellation)).TryGet(out var text, out var problem) ? new WhatIfFile[] { new(ApplyEndpoints.FileName(file, "scenario.yaml"), text) } : problem;
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<WhatIfRequest>(request.Body, DoganaJson.Options, cancellation) is { Scenarios: { Count: <= WhatIfReports.ScenariosMax } scenarios }
                && scenarios.All(static scenario => scenario is { File: not null, Text: not null and { Length: <= WorldFile.BytesMax } })
                ? scenarios.Select(static scenario => scenario with { File = ApplyEndpoints.FileName(scenario.File, "scenario.yaml") }).ToArray()
                : new Problem(ProblemCode.InvalidRequest, $"Send {{ \"scenarios\": [{{ \"file\": \"a.yaml\", \"text\": \"...\" }}] }} with at most {WhatIfReports.ScenariosMax} of them, or one scenario alone as text/yaml.", "scenarios");
        }
        catch (JsonException)
        {
            return new Problem(ProblemCode.InvalidRequest, "The body is not JSON. Send { \"scenarios\": [{ \"file\": \"a.yaml\", \"text\": \"...\" }] }, or one scenario alone as text/yaml.", "scenarios");
        }
    }
}
