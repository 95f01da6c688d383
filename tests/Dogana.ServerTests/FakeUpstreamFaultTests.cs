using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;
using FakeUpstream;
using static Dogana.ServerTests.FakeUpstreamWire;

namespace Dogana.ServerTests;

/// <summary>What the fake upstream can do wrong, as it is seen on the wire.</summary>
public sealed class FakeUpstreamFaultTests : IAsyncLifetime
{
    private FakeUpstreamServer _upstream = null!;

    public async ValueTask InitializeAsync() => _upstream = await FakeUpstreamServer.StartAsync(new FakeUpstreamOptions { IsTlsOpen = true });

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    [Theory]
    [InlineData(Chat, "error-first", "data: {\"error\":")]
    [InlineData("/v1/completions", "error-first", "data: {\"error\":")]
    [InlineData(FakeUpstreamWire.Responses, "error-first", "event: error\ndata: {\"type\":\"error\"")]
    [InlineData(Messages, "error-first", "event: error\ndata: {\"type\":\"error\"")]
    [InlineData(Chat, "error-inside", "data: {\"error\":")]
    [InlineData(FakeUpstreamWire.Responses, "error-inside", "event: response.failed\n")]
    [InlineData(Messages, "error-inside", "\"overloaded_error\"")]
    public async Task An_error_in_a_stream_has_its_dialects_form(string path, string fault, string expected)
    {
        using var answer = await PostAsync(_upstream, path, Body($"fake+fault={fault}", stream: true));
        var text = await answer.Content.ReadAsStringAsync();

        ((int)answer.StatusCode).ShouldBe(200);
        text.ShouldContain(expected);
        text.StartsWith(expected, StringComparison.Ordinal).ShouldBe(fault == "error-first");
        text.ShouldNotContain("[DONE]");
        text.ShouldNotContain("message_stop");
    }

    [Theory]
    [InlineData("length-too-long", false)]
    [InlineData("length-too-long", true)]
    [InlineData("length-too-short", false)]
    [InlineData("length-too-short", true)]
    public async Task A_wrong_length_is_wrong(string fault, bool stream)
    {
        var (text, _) = await BytesAsync(_upstream, Chat, Body($"fake+fault={fault}", stream));

        var parts = text.Split("\r\n\r\n", 2);
        var length = int.Parse(parts[0].Split("content-length: ")[1].Split('\r')[0], CultureInfo.InvariantCulture);
        var came = Encoding.UTF8.GetByteCount(parts[1]);
        (length > came).ShouldBe(fault == "length-too-long");
        length.ShouldNotBe(came);
        parts[1].ShouldContain("stop");
    }

    [Theory]
    [InlineData("fault=closed-early", 0, false)]
    [InlineData("fault=reset-early", 0, true)]
    [InlineData("fault=reset-in-headers", 10, true)]
    [InlineData("cut=2", 100, false)]
    [InlineData("reset=2", 100, true)]
    public async Task A_connection_ends_as_told(string script, int atLeast, bool isReset)
    {
        for (var round = 0; round < 20; round++)
        {
            var (text, wasReset) = await BytesAsync(_upstream, Chat, Body($"fake+{script}", stream: true));

            text.Length.ShouldBeGreaterThanOrEqualTo(atLeast);
            (text.Length == 0).ShouldBe(atLeast == 0);
            wasReset.ShouldBe(isReset);
            (await _upstream.Requests[^1].Ended.WaitAsync(TimeSpan.FromSeconds(5))).ShouldBe(AnswerEnding.Cut);
        }
    }

    [Theory]
    [InlineData("crlf", "}\r\n\r\n\r\n")]
    [InlineData("cr", "}\r\r")]
    [InlineData("comments,ids", ": ping\n\nid: 1-0\nretry: 3000\ndata: {")]
    [InlineData("multi-line", "data: {\ndata: \"id\"")]
    [InlineData("bom", "\uFEFFdata: {")]
    [InlineData("bytes", "\r\n1\r\nd\r\n1\r\na\r\n1\r\nt\r\n1\r\na\r\n")]
    [InlineData("no-space", "\ndata:{")]
    [InlineData("bom,crlf,comments,ids,multi-line", "\uFEFF: ping\r\n\r\nid: 1-0\r\n")]
    public async Task Each_framing_gives_the_same_events(string framing, string written)
    {
        (await BytesAsync(_upstream, Chat, Body($"fake+framing={framing}", stream: true))).Text.ShouldContain(written);

        foreach (var path in (string[])[Chat, FakeUpstreamWire.Responses, Messages])
        {
            var plain = await ReadAsync("fake+text=Grüße 🌍");
            (await ReadAsync($"fake+text=Grüße 🌍+framing={framing}")).ShouldBe(plain);

            async Task<List<string>> ReadAsync(string model) => (await EventsAsync(_upstream, path, Body(model, stream: true)))
                .ConvertAll(item => $"{item.Name} {item.Data}".Replace($"_{_upstream.RequestCount}", "", StringComparison.Ordinal)
                    .Replace($"-{_upstream.RequestCount}", "", StringComparison.Ordinal).Replace($"+framing={framing}", "", StringComparison.Ordinal)
                    .Replace("{\n", "{", StringComparison.Ordinal).Replace("\n}", "}", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_stream_may_end_oddly()
    {
        (await TextAsync("fake+done=no")).ShouldNotContain("[DONE]");
        var unfinished = await TextAsync("fake+fault=no-finish");
        unfinished.ShouldNotContain("\"stop\"");
        unfinished.ShouldEndWith("data: [DONE]\n\n");
        var late = await TextAsync("fake+fault=after-done");
        late.Split("data: [DONE]\n\n")[1].ShouldStartWith("data: {");
        using var whole = await PostAsync(_upstream, Chat, Body("fake+fault=json-for-stream", stream: true));
        whole.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        JsonDocument.Parse(await whole.Content.ReadAsStringAsync()).RootElement.GetProperty("choices").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_without_end_goes_on_until_the_caller_goes()
    {
        using (var answer = await PostAsync(_upstream, Messages, Body("fake+fault=never-ends", stream: true)))
        {
            var buffer = new byte[1 << 16];
            await using var body = await answer.Content.ReadAsStreamAsync();
            for (var round = 0; round < 50; round++)
            {
                await body.ReadExactlyAsync(buffer);
            }

            _upstream.OpenRequestCount.ShouldBe(1);
            _upstream.Requests[0].IsOpen.ShouldBeTrue();
        }

        await _upstream.WaitForOpenAsync();
        _upstream.Requests[0].WasAborted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_hundred_thousand_small_chunks_come_fast()
    {
        using var answer = await PostAsync(_upstream, Chat, Body("fake+words=100000+per-write=100", stream: true));
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync());
        var events = 0;
        while (await reader.ReadLineAsync() is { } line)
        {
            events += line.Length > 0 ? 1 : 0;
        }

        events.ShouldBe(100_000 + 3); // role, finish, [DONE]
    }

    [Theory]
    [InlineData("usage-form=zero", 0, 0, 0)]
    [InlineData("usage-form=negative", -7, -7, -7)]
    [InlineData("usage-form=contradictory", 10, 6, 1_016)]
    [InlineData("usage-form=huge", long.MaxValue, long.MaxValue, long.MaxValue)]
    public async Task Usage_may_be_untrue(string form, long input, long output, long total)
    {
        var usage = (await WholeAsync(_upstream, Chat, Body($"fake+text=a b c d e f+{form}", stream: false))).GetProperty("usage");

        usage.GetProperty("prompt_tokens").GetInt64().ShouldBe(input);
        usage.GetProperty("completion_tokens").GetInt64().ShouldBe(output);
        usage.GetProperty("total_tokens").GetInt64().ShouldBe(total);
    }

    [Theory]
    [InlineData(Chat)]
    [InlineData(Messages)]
    public async Task Usage_that_is_said_twice_is_true_the_second_time(string path)
    {
        var events = await EventsAsync(_upstream, path, Body("fake+text=a b c+usage=always+usage-form=twice", stream: true));
        var output = events.Where(static item => item.Data.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
            .Select(item => item.Data.GetProperty("usage").GetProperty(path == Chat ? "completion_tokens" : "output_tokens").GetInt64()).ToList();

        output.ShouldBe([93, 3]);
    }

    [Theory]
    [InlineData("", "2", "1500")]
    [InlineData("+retry-form=seconds", "2", null)]
    [InlineData("+retry-form=milliseconds", null, "1500")]
    [InlineData("+retry-form=none", null, null)]
    [InlineData("+retry-form=date", "GMT", null)]
    public async Task A_429_says_when_to_come_again(string form, string? seconds, string? milliseconds)
    {
        using var answer = await PostAsync(_upstream, Chat, Body("fake+status=429+retry=1500" + form, stream: true));

        ((int)answer.StatusCode).ShouldBe(429);
        if (seconds is null)
        {
            Header(answer, "retry-after").ShouldBeNull();
        }
        else
        {
            Header(answer, "retry-after").ShouldNotBeNull().ShouldEndWith(seconds);
        }

        Header(answer, "retry-after-ms").ShouldBe(milliseconds);
    }

    [Fact]
    public async Task Rate_limits_are_said_in_each_vendors_form()
    {
        using var openAi = await PostAsync(_upstream, Chat, Body("fake+status=429+retry=360000+retry-form=rate-limit", stream: false));
        Header(openAi, "x-ratelimit-reset-requests").ShouldBe("6m0s");
        using var azure = await PostAsync(_upstream, Chat, Body("fake+status=429+retry=360000+retry-form=rate-limit-seconds", stream: false));
        Header(azure, "x-ratelimit-reset-tokens").ShouldBe("360");
        using var anthropic = await PostAsync(_upstream, Messages, Body("fake+status=429+retry=360000+retry-form=rate-limit", stream: false));
        Header(anthropic, "anthropic-ratelimit-requests-reset").ShouldNotBeNull().ShouldEndWith("Z");
    }

    [Theory]
    [InlineData(Chat, "status=401", "code", "invalid_api_key")]
    [InlineData(Chat, "status=403", "code", "unsupported_country_region_territory")]
    [InlineData(Chat, "status=429+code=insufficient_quota", "type", "insufficient_quota")]
    [InlineData(Chat, "status=401+errors=azure", "code", "401")]
    [InlineData(Chat, "status=429+errors=azure", "code", "RateLimitReached")]
    [InlineData(Chat, "status=404+code=model_not_found+errors=azure", "code", "DeploymentNotFound")]
    [InlineData(Messages, "status=401", "type", "authentication_error")]
    [InlineData(Messages, "status=403", "type", "permission_error")]
    [InlineData(Messages, "status=404", "type", "not_found_error")]
    [InlineData(Messages, "status=429", "type", "rate_limit_error")]
    [InlineData(Messages, "status=500", "type", "api_error")]
    [InlineData(Messages, "status=529", "type", "overloaded_error")]
    public async Task A_failure_has_its_dialects_body(string path, string script, string field, string expected)
    {
        using var answer = await PostAsync(_upstream, path, Body($"fake+{script}", stream: true));
        var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;

        ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture).ShouldBe(script.Split('=')[1].Split('+')[0]);
        body.GetProperty("error").GetProperty(field).GetString().ShouldBe(expected);
        body.TryGetProperty("request_id", out _).ShouldBe(path == Messages);
    }

    [Theory]
    [InlineData(402)]
    [InlineData(408)]
    [InlineData(409)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    public async Task Any_status_comes_with_an_error(int status)
    {
        foreach (var path in (string[])[Chat, FakeUpstreamWire.Responses, Messages])
        {
            using var answer = await PostAsync(_upstream, path, Body($"fake+status={status}", stream: false));
            ((int)answer.StatusCode).ShouldBe(status);
            JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
        }
    }

    [Theory]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_says_where(int status)
    {
        using var answer = await PostAsync(_upstream, Chat, Body($"fake+status={status}+location=http%3A//127.0.0.1:9/else+header=x-odd:yes", stream: false));

        ((int)answer.StatusCode).ShouldBe(status);
        Header(answer, "location").ShouldBe("http://127.0.0.1:9/else");
        Header(answer, "x-odd").ShouldBe("yes");
    }

    [Fact]
    public async Task Scripts_come_in_turn_and_the_last_one_stays()
    {
        _upstream.Script("flaky", FakeScript.Failing(500), FakeScript.OutOfQuota(), new FakeScript());

        foreach (var model in (string[])["flaky", "fake+status=500+then+status=429+then"])
        {
            (await StatusesAsync(4, model, "some-key")).ShouldBe([500, 429, 200, 200]);
        }
    }

    [Fact]
    public async Task A_key_has_its_script()
    {
        _upstream.ScriptKey("key-a", FakeScript.Failing(401));

        (await StatusesAsync(2, "fake", "key-a")).ShouldBe([401, 401]);
        (await StatusesAsync(1, "fake", "key-b")).ShouldBe([200]);
        (await StatusesAsync(2, "fake", "fake-key+status=403+then")).ShouldBe([403, 200]);
    }

    [Fact]
    public async Task Tls_fails_as_told()
    {
        using var client = new HttpClient();

        var untrusted = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(_upstream.TlsAddress));
        untrusted.InnerException.ShouldBeOfType<AuthenticationException>();
        await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(_upstream.BrokenTlsAddress));

        using var trusting = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == "CN=fake upstream" } });
        (await trusting.GetStringAsync(new Uri(_upstream.TlsAddress, "/healthz/ready"))).ShouldBe("ready");
    }

    [Fact]
    public async Task A_dead_port_refuses()
    {
        using var dead = new DeadPort();
        using var client = new HttpClient();

        var refused = await Should.ThrowAsync<HttpRequestException>(() => client.GetAsync(dead.Address));

        refused.InnerException.ShouldBeOfType<SocketException>().SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;

    private async Task<string> TextAsync(string model)
    {
        using var answer = await PostAsync(_upstream, Chat, Body(model, stream: true));
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<List<int>> StatusesAsync(int count, string model, string key)
    {
        var statuses = new List<int>();
        for (var number = 0; number < count; number++)
        {
            using var answer = await PostAsync(_upstream, Chat, Body(model, stream: false), key);
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }
}
