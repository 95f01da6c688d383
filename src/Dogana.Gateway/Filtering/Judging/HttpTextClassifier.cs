using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Dogana.Filtering;

namespace Dogana.Gateway.Filtering.Judging;

/// <summary>
/// A classifier over HTTP: <c>POST {"texts":["…"]}</c>, answered by <c>{"results":[{"hate":"safe","sexual":"safe","violence":"low","self_harm":"safe"}]}</c>, one
/// for each text. A category that is left out is safe.
/// </summary>
internal sealed class HttpTextClassifier(FilterProvider provider, HttpClient http, TimeProvider time) : ITextClassifier
{
    private const int AnswerBytesMax = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<FilterSeverities>> ClassifyAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(provider.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, provider.Url) { Content = JsonContent.Create(new { texts }) };
            if (provider.SecretEnv is { } variable && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } secret)
            {
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Failed(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"answered {(int)response.StatusCode}"));
            }

            await response.Content.LoadIntoBufferAsync(AnswerBytesMax, either.Token);
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(either.Token));
            FilterSeverities[] severities = [.. document.RootElement.GetProperty("results").EnumerateArray().Select(Read)];
            return severities.Length == texts.Count ? severities : throw Failed("gave another number of results than it was sent texts");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Failed("did not answer in time");
        }
        catch (HttpRequestException)
        {
            throw Failed("could not be reached");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw Failed("answered something else than results");
        }
    }

    private FilterSeverities Read(JsonElement result)
    {
        return new FilterSeverities(Of("hate"), Of("sexual"), Of("violence"), Of("self_harm"));

        FilterSeverity Of(string name) => !result.TryGetProperty(name, out var word) ? FilterSeverity.Safe
            : EnumWords.Find<FilterSeverity>(word.GetString()) ?? throw Failed("gave a severity that there is not");
    }

    private ProblemException Failed(string what) => new(new Problem(ProblemCode.FilterUnavailable, $"The filter provider '{provider.Id}' {what}."));
}
