using System.Security.Cryptography;
using System.Text;
using Dogana.Access;
using Dogana.Access.Tokens;
using Dogana.Tests.Gateway.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Tests.Access;

/// <summary>Tokens against a real issuer: what is good, what is not, and what happens while the issuer is away. The clock is moved by hand.</summary>
public sealed class TokenVerifierTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private SmallIssuer _issuer = null!;
    private TokenVerifier _verifier = null!;
    private TokenIssuerTable _table = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await SmallIssuer.StartAsync();
        _verifier = new TokenVerifier(_clock, NullLogger<TokenVerifier>.Instance, TimeSpan.FromMinutes(1)); // a busy machine is no slow issuer
        _table = new TokenIssuerTable([Declared("entra", _issuer)]);
    }

    public async ValueTask DisposeAsync()
    {
        _verifier.Dispose();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_token_of_its_issuer_opens_the_project_that_a_claim_names(string alg)
    {
        var verified = (await VerifyAsync(_issuer.Token(Now, alg))).Value;

        verified.Key.Project.ShouldBe("by-oid");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("subject-1")));
        verified.Key.Id.ShouldBe("entra:" + hash[..16]);
        _table.Find(verified, Now).Value.Project.ShouldBe("by-oid");
        _table.Find(verified, Now.AddHours(1).AddSeconds(59)).Problem.ShouldBeNull();
        _table.Find(verified, Now.AddHours(1).AddSeconds(61)).Problem!.Code.ShouldBe(ProblemCode.TokenInvalid);
    }

    [Fact]
    public async Task What_is_not_a_token_of_the_issuer_for_this_server_now_is_refused()
    {
        var good = _issuer.Token(Now);
        (await VerifyAsync(good)).Problem.ShouldBeNull();
        var parts = good.Split('.');
        await using var other = await SmallIssuer.StartAsync();

        (string What, string Token)[] wrong =
        [
            ("unsigned", _issuer.Token(Now, "none")),
            ("signature cut off", $"{parts[0]}.{parts[1]}."),
            ("HMAC with the public key", _issuer.Token(Now, "HS256")),
            ("another algorithm", _issuer.Token(Now, "RS512")),
            ("body changed", $"{parts[0]}.{_issuer.Token(Now, claims: ("oid", "oid-2")).Split('.')[1]}.{parts[2]}"),
            ("another's key under a known id", other.Token(Now, claims: ("iss", _issuer.Name))),
            ("another issuer", _issuer.Token(Now, claims: ("iss", "https://elsewhere.example/"))),
            ("no issuer", _issuer.Token(Now, claims: ("iss", null))),
            ("another audience", _issuer.Token(Now, claims: ("aud", "api://other"))),
            ("no audience", _issuer.Token(Now, claims: ("aud", null))),
            ("no subject", _issuer.Token(Now, claims: ("sub", null))),
            ("no end", _issuer.Token(Now, claims: ("exp", null))),
            ("expired beyond the skew", _issuer.Token(Now, life: TimeSpan.FromSeconds(-61))),
            ("not valid yet, beyond the skew", _issuer.Token(Now, claims: ("nbf", Now.AddSeconds(62).ToUnixTimeSeconds()))),
            ("garbage", "eyJhbGciOiJSUzI1NiJ9.e30x.AAAA"),
            ("too long", _issuer.Token(Now, claims: ("filler", new string('x', 20_000)))),
        ];
        foreach (var (what, token) in wrong)
        {
            TokenVerifier.IsToken(token).ShouldBeTrue(what);
            var problem = (await VerifyAsync(token)).Problem.ShouldNotBeNull(what);
            problem.Code.ShouldBe(ProblemCode.TokenInvalid, what);
            problem.Message.ShouldNotContain(token[^10..], Case.Sensitive, what);
        }

        (await VerifyAsync(_issuer.Token(Now, life: TimeSpan.FromSeconds(-58)))).Problem.ShouldBeNull("within the skew");
        (await VerifyAsync(_issuer.Token(Now, claims: ("nbf", Now.AddSeconds(58).ToUnixTimeSeconds())))).Problem.ShouldBeNull("within the skew");
        (await VerifyAsync(_issuer.Token(Now, claims: ("aud", (string[])["api://other", "api://dogana"])))).Problem.ShouldBeNull("one of its audiences");
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("dgn_0123456789ab_abc", false)]
    [InlineData("sk-proj.abc.def", false)]
    [InlineData("eyJ.a", false)]
    [InlineData("eyJ.a.b.c", false)]
    [InlineData("eyJ.a b.c", false)]
    [InlineData("eyJ.a.", true)]
    public void Only_what_has_the_form_of_a_token_is_one(string text, bool isToken) => TokenVerifier.IsToken(text).ShouldBe(isToken);

    [Fact]
    public async Task Its_claims_name_one_project_or_the_refusal_says_which_were_asked()
    {
        (await ProjectAsync(("oid", "nobody"), ("azp", "app-1"))).ShouldBe("by-azp");
        (await ProjectAsync(("oid", "nobody"), ("roles", (string[])["reader", "caller"]))).ShouldBe("by-role");
        (await ProjectAsync(("roles", (string[])["same"]))).ShouldBe("by-oid", "two claims may name the same");

        var none = (await VerifyAsync(_issuer.Token(Now, claims: ("oid", "nobody")))).Problem!;
        (none.Code, none.Message).ShouldSatisfyAllConditions(
            () => none.Code.ShouldBe(ProblemCode.TokenUnmapped), () => none.Message.ShouldContain("none of its claims oid, azp, roles names a project"));
        var two = (await VerifyAsync(_issuer.Token(Now, claims: ("roles", (string[])["caller"])))).Problem!;
        (two.Code, two.Message.Contains("oid, azp, roles name 2 projects", StringComparison.Ordinal)).ShouldBe((ProblemCode.TokenUnmapped, true), two.Message);

        async Task<string?> ProjectAsync(params (string, object?)[] claims) => (await VerifyAsync(_issuer.Token(Now, claims: claims))).Value.Key.Project;
    }

    [Fact]
    public async Task Two_issuers_do_not_open_what_the_other_opens()
    {
        await using var second = await SmallIssuer.StartAsync();
        _table = new TokenIssuerTable(
        [
            Declared("entra", _issuer), Declared("other", second) with { Projects = [new TokenProject("oid", "oid-1", "of-the-other")] },
            Declared("batch", _issuer) with { Audience = "api://batch", Projects = [new TokenProject("oid", "oid-1", "of-batch")] },
        ]);

        (await VerifyAsync(_issuer.Token(Now))).Value.Key.Project.ShouldBe("by-oid");
        (await VerifyAsync(second.Token(Now))).Value.Key.Project.ShouldBe("of-the-other");
        (await VerifyAsync(_issuer.Token(Now, claims: ("aud", "api://batch")))).Value.Key.Project.ShouldBe("of-batch");
        (await VerifyAsync(second.Token(Now, claims: ("aud", "api://batch")))).Problem!.Code.ShouldBe(ProblemCode.TokenInvalid);
        (_issuer.KeyRequests, second.KeyRequests).ShouldBe((1, 1), "two audiences of one issuer share its keys");
    }

    [Fact]
    public async Task A_new_key_is_fetched_when_a_token_names_it_and_then_not_for_30_seconds()
    {
        (await VerifyAsync(_issuer.Token(Now))).Problem.ShouldBeNull();
        _issuer.AddRsa("rsa-2");
        _clock.Move(TimeSpan.FromSeconds(31));
        var rotated = _issuer.Token(Now, key: "rsa-2");

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => VerifyAsync(rotated).AsTask()));
        all.ShouldAllBe(static one => one.Problem == null);
        _issuer.KeyRequests.ShouldBe(2, "one for all that wait");

        _issuer.AddRsa("rsa-3");
        for (var i = 0; i < 5; i++)
        {
            (await VerifyAsync(_issuer.Token(Now, key: "rsa-3", claims: ("i", i)))).Problem!.Code.ShouldBe(ProblemCode.TokenInvalid);
        }

        _issuer.KeyRequests.ShouldBe(2);
        _clock.Move(TimeSpan.FromSeconds(31));
        (await VerifyAsync(_issuer.Token(Now, key: "rsa-3"))).Problem.ShouldBeNull();
        _issuer.KeyRequests.ShouldBe(3);
    }

    [Fact]
    public async Task A_key_that_is_published_no_more_opens_nothing_from_the_next_refresh_on()
    {
        _issuer.AddRsa("rsa-2");
        var token = _issuer.Token(Now, key: "rsa-2");
        (await VerifyAsync(token)).Problem.ShouldBeNull();
        _issuer.Remove("rsa-2");

        _clock.Move(TimeSpan.FromMinutes(1));
        await _verifier.RefreshAsync(_table);
        (await VerifyAsync(token)).Problem.ShouldBeNull("the next refresh is in nine minutes");
        _clock.Move(TimeSpan.FromMinutes(9));
        await _verifier.RefreshAsync(_table);
        (await VerifyAsync(token)).Problem!.Code.ShouldBe(ProblemCode.TokenInvalid);
    }

    [Fact]
    public async Task While_the_issuer_is_away_its_keys_are_used_for_a_day_and_without_any_nothing_is_known()
    {
        _issuer.IsAway = true;
        var unknown = (await VerifyAsync(_issuer.Token(Now))).Problem!;
        unknown.Code.ShouldBe(ProblemCode.TokenKeysUnavailable);
        unknown.RetryAfter.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        _issuer.IsAway = false;
        _clock.Move(TimeSpan.FromSeconds(31));
        await _verifier.RefreshAsync(_table);
        (await VerifyAsync(_issuer.Token(Now))).Problem.ShouldBeNull();

        _issuer.IsAway = true;
        _clock.Move(TimeSpan.FromHours(23));
        await _verifier.RefreshAsync(_table);
        (await VerifyAsync(_issuer.Token(Now))).Problem.ShouldBeNull();
        (await VerifyAsync(_issuer.Token(Now, claims: ("jti", "another")))).Problem.ShouldBeNull();
        _clock.Move(TimeSpan.FromMinutes(61));
        (await VerifyAsync(_issuer.Token(Now))).Problem!.Code.ShouldBe(ProblemCode.TokenKeysUnavailable);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"kid\":\"rsa-1\",\"k\":\"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA\"}]}")]
    public async Task An_issuer_that_answers_nonsense_is_as_one_that_is_away(string nonsense)
    {
        _issuer.Nonsense = nonsense;
        (await VerifyAsync(_issuer.Token(Now))).Problem!.Code.ShouldBe(ProblemCode.TokenKeysUnavailable);
    }

    [Fact]
    public async Task An_answer_beyond_a_mebibyte_and_keys_that_are_too_short_are_not_taken()
    {
        _issuer.Nonsense = "{\"keys\":[" + new string(' ', 1_100_000) + "]}";
        (await VerifyAsync(_issuer.Token(Now))).Problem!.Code.ShouldBe(ProblemCode.TokenKeysUnavailable);

        _issuer.Nonsense = null;
        _issuer.AddRsa("short", bits: 1_024);
        _clock.Move(TimeSpan.FromSeconds(31));
        (await VerifyAsync(_issuer.Token(Now))).Problem.ShouldBeNull();
        (await VerifyAsync(_issuer.Token(Now, key: "short"))).Problem!.Code.ShouldBe(ProblemCode.TokenInvalid);
    }

    [Fact]
    public async Task The_keys_address_can_be_given_and_a_discovery_document_of_another_issuer_is_not_believed()
    {
        _table = new TokenIssuerTable([Declared("entra", _issuer) with { KeysUrl = _issuer.KeysUrl }]);
        (await VerifyAsync(_issuer.Token(Now))).Problem.ShouldBeNull();

        _table = new TokenIssuerTable([Declared("entra", _issuer) with { Issuer = "https://elsewhere.example/", DiscoveryUrl = _issuer.Name + "/.well-known/openid-configuration" }]);
        (await VerifyAsync(_issuer.Token(Now, claims: ("iss", "https://elsewhere.example/")))).Problem!.Code.ShouldBe(ProblemCode.TokenKeysUnavailable);
    }

    [Fact]
    public async Task A_change_of_the_issuers_holds_for_tokens_that_were_verified_before_it()
    {
        var token = _issuer.Token(Now);
        var before = (await VerifyAsync(token)).Value;
        var changed = new TokenIssuerTable([Declared("entra", _issuer) with { Projects = [new TokenProject("oid", "oid-1", "moved")] }]);

        changed.Find(before, Now).Problem!.Code.ShouldBe(ProblemCode.TokenKeysUnavailable, "a call that arrives meanwhile is sent again");
        (await _verifier.VerifyAsync(token, changed)).Value.Key.Project.ShouldBe("moved");
        (await _verifier.VerifyAsync(token, new TokenIssuerTable([]))).Problem!.Code.ShouldBe(ProblemCode.TokenInvalid);
        new TokenIssuerTable([Declared("entra", _issuer)]).Find(before, Now).Problem.ShouldBeNull("read anew, it is the same");
    }

    [Fact]
    public async Task A_token_that_was_verified_is_not_verified_again_for_five_minutes_nor_beyond_its_end()
    {
        var (token, brief) = (_issuer.Token(Now), _issuer.Token(Now, life: TimeSpan.FromMinutes(1), claims: ("jti", "brief")));
        var (first, firstBrief) = ((await VerifyAsync(token)).Value, (await VerifyAsync(brief)).Value);

        _clock.Move(TimeSpan.FromSeconds(59));
        ReferenceEquals((await VerifyAsync(token)).Value, first).ShouldBeTrue();
        ReferenceEquals((await VerifyAsync(brief)).Value, firstBrief).ShouldBeTrue();
        _clock.Move(TimeSpan.FromSeconds(1));
        ReferenceEquals((await VerifyAsync(brief)).Value, firstBrief).ShouldBeFalse("it has ended, and is taken within the clocks' skew only");
        _clock.Move(TimeSpan.FromSeconds(239));
        ReferenceEquals((await VerifyAsync(token)).Value, first).ShouldBeTrue();
        _clock.Move(TimeSpan.FromSeconds(1));
        ReferenceEquals((await VerifyAsync(token)).Value, first).ShouldBeFalse();
    }

    [Fact]
    public void At_most_10000_verified_tokens_are_kept_and_the_latest_are_among_them()
    {
        var kept = new VerifiedTokens();
        var token = new VerifiedToken(new ApiKey("a:1", KeyKind.Project, "shop", "a", Now, null, null), Declared("a", _issuer));
        for (var i = 0; i < 25_000; i++)
        {
            kept.Add($"{i}", token, null, Now.AddHours(1), Now);
        }

        kept.Count.ShouldBeInRange(5_000, 10_000);
        kept.Find("24999", Now).ShouldNotBeNull();
        kept.Find("20000", Now).ShouldNotBeNull();
        kept.Find("1", Now).ShouldBeNull();
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_end_what_others_wait_for()
    {
        _issuer.Hold = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        var left = _verifier.VerifyAsync(_issuer.Token(Now), _table, leaving.Token).AsTask();
        var stays = VerifyAsync(_issuer.Token(Now, claims: ("jti", "2"))).AsTask();

        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left);
        _issuer.Hold.SetResult();
        (await stays).Problem.ShouldBeNull();
        _issuer.KeyRequests.ShouldBe(1);
    }

    [Fact]
    public async Task Only_so_many_wait_for_a_slow_issuer()
    {
        _issuer.Hold = new TaskCompletionSource();
        var all = Enumerable.Range(0, 300).Select(i => VerifyAsync(_issuer.Token(Now, claims: ("i", i))).AsTask()).ToArray();

        all.Count(static one => one.IsCompleted && one.Result.Problem!.Code == ProblemCode.TokenKeysUnavailable).ShouldBe(44);
        _issuer.Hold.SetResult();
        (await Task.WhenAll(all)).Count(static one => one.Problem is null).ShouldBe(256);
        (await VerifyAsync(_issuer.Token(Now))).Problem.ShouldBeNull("the places were given back");
    }

    private DateTimeOffset Now => _clock.GetUtcNow();

    private static TokenIssuer Declared(string id, SmallIssuer issuer) => new(
        id, issuer.Name, "api://dogana", null, null, TokenIssuer.ClockSkewDefault,
        [new("oid", "oid-1", "by-oid"), new("azp", "app-1", "by-azp"), new("roles", "caller", "by-role"), new("roles", "same", "by-oid")]);

    private ValueTask<Outcome<VerifiedToken>> VerifyAsync(string token) => _verifier.VerifyAsync(token, _table);
}
