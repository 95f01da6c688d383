using System.Globalization;
using System.Text.RegularExpressions;
using Dogana.Client;

namespace Dogana.Limits.Quotas;

/// <summary>What a request makes of a quota, or why it makes none.</summary>
internal static partial class QuotaChange
{
    /// <summary>A new quota, or one that is there with what the request says.</summary>
    public static Outcome<Quota> Of(Quota? present, string id, SetQuotaRequest request)
    {
        if (present is null && (request.Organisation is null || request.Model is null || request.TokensPerMinute is null))
        {
            return new Problem(ProblemCode.NotFound, $"No quota has the id '{id}'. To add it, say organisation, model and tokens_per_minute.", "id");
        }

        if (!Id().IsMatch(id))
        {
            return Invalid("id", "The id is lower-case letters, digits, hyphens and dots, at most 63, a letter or digit first and last.");
        }

        if (request.TokensPerMinute is < 0 or > Quota.TokensMax)
        {
            return Invalid("tokens_per_minute", $"tokens_per_minute is 0 to {Quota.TokensMax.ToString(CultureInfo.InvariantCulture)}.");
        }

        if (request.Region is { } region && !Region().IsMatch(region))
        {
            return Invalid("region", "The region is a name such as westeurope: letters, digits, '.', '_' and '-', at most 64.");
        }

        var (window, mode) = (EnumWords.Find<QuotaWindow>(request.Window), EnumWords.Find<LimitMode>(request.Mode));
        if (request.Window is not null && window is null)
        {
            return Invalid("window", "The window is minute or sliding.");
        }

        if (request.Mode is not null && mode is null)
        {
            return Invalid("mode", "The mode is enforce or observe.");
        }

        if (request.RequestSliceSeconds is not (null or 1 or 10 or 60))
        {
            return Invalid("request_slice_seconds", "request_slice_seconds is 1, 10 or 60.");
        }

        var quota = present ?? new Quota(id, request.Organisation!, request.Model!, request.Region ?? Quota.Global, 0);
        return quota with
        {
            Organisation = request.Organisation ?? quota.Organisation,
            Model = request.Model ?? quota.Model,
            Region = request.Region ?? quota.Region,
            TokensPerMinute = request.TokensPerMinute ?? quota.TokensPerMinute,
            Window = window ?? quota.Window,
            RequestSliceSeconds = request.RequestSliceSeconds ?? quota.RequestSliceSeconds,
            Mode = mode ?? quota.Mode,
        };
    }

    /// <summary>The quota with another allotment, or with one less.</summary>
    public static Outcome<Quota> Of(Quota quota, AllotQuotaRequest request)
    {
        if (request.TokensPerMinute is < 0 or > Quota.TokensMax)
        {
            return Invalid("tokens_per_minute", $"tokens_per_minute is 0 to {Quota.TokensMax.ToString(CultureInfo.InvariantCulture)}, or nothing to take the allotment back.");
        }

        QuotaAllotment[] others = [.. quota.Allotments.Where(part => part.Deployment != request.Deployment || part.Project != request.Project)];
        if (request.TokensPerMinute is { } tokens)
        {
            return quota with { Allotments = [.. others, new QuotaAllotment(request.Deployment, request.Project, tokens)] };
        }

        return others.Length < quota.Allotments.Count
            ? quota with { Allotments = others }
            : new Problem(ProblemCode.NotFound, $"The quota '{quota.Id}' allots nothing to {Name(request)}. 'dogana quota show {quota.Id}' shows what it allots.", "deployment");
    }

    public static string Describe(Quota quota) => string.Create(
        CultureInfo.InvariantCulture,
        $"{quota.Organisation}, {quota.Model} in {quota.Region}: {quota.TokensPerMinute} tokens a minute, {EnumWords.Of(quota.Window)}, requests in {quota.RequestSliceSeconds} s, {EnumWords.Of(quota.Mode)}");

    public static string Describe(AllotQuotaRequest request) => request.TokensPerMinute is { } tokens
        ? string.Create(CultureInfo.InvariantCulture, $"{tokens} tokens a minute to {Name(request)}")
        : $"nothing any more to {Name(request)}";

    private static string Name(AllotQuotaRequest request) => $"'{request.Deployment}'{(request.Project is null ? "" : $" for the project '{request.Project}'")}";

    private static Problem Invalid(string field, string message) => new(ProblemCode.InvalidRequest, message, field);

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Region();
}
