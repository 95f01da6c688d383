using System.Net;
using System.Net.Http.Json;
using Dogana.Authority;
using Dogana.Client;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests.Identity;

/// <summary>Invitations, passwords, second factors and sessions, as people meet them.</summary>
public sealed class SignInTests(StoreFixture stores)
{
    private const string Email = "ana@example.com";

    private static readonly Grant Auditor = new(Role.Auditor, GrantScope.Platform);

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Who_was_invited_signs_up_and_in_and_out_and_no_secret_is_in_the_store(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind);
        using var owner = host.Admin(host.World.AdminKey);
        using var nobody = host.Admin(null);
        var invitation = await owner.InviteAsync(new InviteRequest(" Ana@Example.com ", "auditor"));
        invitation.Email.ShouldBe(Email);
        (await owner.ListUsersAsync()).Data.Single().State.ShouldBe("invited");

        (await CodeAsync(() => nobody.SignUpAsync(new SignUpRequest(invitation.Text, "short")))).ShouldBe("invalid_request");
        (await CodeAsync(() => nobody.SignUpAsync(new SignUpRequest(invitation.Text, "Password123456")))).ShouldBe("invalid_request");
        (await CodeAsync(() => nobody.SignInAsync(new SignInRequest(Email, AdminHost.Password)))).ShouldBe("sign_in_failed");
        (await nobody.SignUpAsync(new SignUpRequest(invitation.Text, AdminHost.Password))).State.ShouldBe("active");
        (await CodeAsync(() => nobody.SignUpAsync(new SignUpRequest(invitation.Text, "another fine password")))).ShouldBe("sign_in_failed");
        var session = await nobody.SignInAsync(new SignInRequest("ANA@example.com", AdminHost.Password));

        session.Session.ShouldMatch("^dgs_[A-Za-z0-9_-]{43}$");
        using var ana = host.Admin(session.Session);
        (await ana.GetMeAsync()).ShouldSatisfyAllConditions(me => me.Actor.ShouldBe("user/" + Email), me => me.Grants.Single().ShouldBe(new GrantRecord("auditor")));
        (await ana.ListSessionsAsync()).Single().IsCurrent.ShouldBeTrue();
        (await CodeAsync(() => ana.InviteAsync(new InviteRequest("bo@example.com", "auditor")))).ShouldBe("insufficient_permissions");
        await ana.SignOutAsync();
        (await CodeAsync(() => ana.GetMeAsync())).ShouldBe("invalid_api_key");

        var rows = await host.Store.ReadAsync(async store => string.Join('\n', (await store.QueryAsync<string>("select detail || subject || actor || action from audit_event"))
            .Concat(await store.QueryAsync<string>("select hash from user_session")).Concat(await store.QueryAsync<string>("select hash from user_invitation"))
            .Concat(await store.QueryAsync<string>("select password_hash from app_user"))));
        rows.ShouldContain("user.sign_in");
        rows.ShouldContain("user.sign_in_failed");
        rows.ShouldContain("user.sign_out");
        foreach (var secret in new[] { AdminHost.Password, session.Session, invitation.Text })
        {
            rows.ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task Whoever_is_no_user_hears_the_same_and_guessing_waits_longer_each_time(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind);
        await host.InviteAsync(Email, Auditor);
        using var client = host.Client();

        var bodies = new List<string>();
        foreach (var email in new[] { Email, "stranger@example.com" })
        {
            // All at once: what is under way counts as failed.
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PostAsJsonAsync("/admin/v1/sign-in", new { email, password = "wrong wrong wrong" })));
            answers.Count(static answer => answer.StatusCode == HttpStatusCode.Unauthorized).ShouldBe(5, email);
            answers.Count(static answer => answer.StatusCode == HttpStatusCode.TooManyRequests).ShouldBe(7, email);
            bodies.Add(await answers.First(static answer => answer.StatusCode == HttpStatusCode.Unauthorized).Content.ReadAsStringAsync());
            var held = answers.First(static answer => answer.StatusCode == HttpStatusCode.TooManyRequests);
            held.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        }

        bodies[0].ShouldBe(bodies[1]);
        (await StatusAsync(AdminHost.Password)).ShouldBe(429, "the right password waits too");
        host.Time.Move(TimeSpan.FromSeconds(10));
        (await StatusAsync("wrong wrong wrong")).ShouldBe(401);
        host.Time.Move(TimeSpan.FromSeconds(10));
        (await StatusAsync(AdminHost.Password)).ShouldBe(429, "twice as long now");
        host.Time.Move(TimeSpan.FromSeconds(10));
        (await StatusAsync(AdminHost.Password)).ShouldBe(200);
        (await StatusAsync("wrong wrong wrong")).ShouldBe(401, "who was let in begins anew");

        var subjects = await host.Store.ReadAsync(session => session.QueryAsync<string>("select subject from audit_event where action = 'user.sign_in_failed'"));
        subjects.ShouldContain(static subject => subject == Email);
        subjects.ShouldAllBe(static subject => !subject.Contains("stranger", StringComparison.Ordinal));

        async Task<int> StatusAsync(string password)
        {
            using var answer = await client.PostAsJsonAsync("/admin/v1/sign-in", new { email = Email, password });
            return (int)answer.StatusCode;
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_role_that_needs_a_second_factor_does_nothing_without_and_a_code_opens_once(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind);
        var session = await host.UserAsync(Email, Grant.Everything);
        using var owner = host.Admin(session);
        using var nobody = host.Admin(null);

        (await owner.GetMeAsync()).LacksSecondFactor.ShouldBeTrue();
        (await CodeAsync(() => owner.ListUsersAsync())).ShouldBe("second_factor_required");
        (await CodeAsync(() => owner.ConfirmTotpAsync("000000"))).ShouldBe("conflict");
        var secret = (await owner.EnrolTotpAsync()).Secret;
        (await CodeAsync(() => owner.ConfirmTotpAsync("12345"))).ShouldBe("sign_in_failed");
        var codes = (await owner.ConfirmTotpAsync(host.CodeOf(secret))).RecoveryCodes;
        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(10);
        (await owner.ListUsersAsync()).Data.Single().HasSecondFactor.ShouldBeTrue();
        (await CodeAsync(() => owner.EnrolTotpAsync())).ShouldBe("conflict");

        (await CodeAsync(() => nobody.SignInAsync(new SignInRequest(Email, AdminHost.Password)))).ShouldBe("code_required");
        (await CodeAsync(() => SignInAsync(host.CodeOf(secret)))).ShouldBe("sign_in_failed", "the step was used to confirm");
        host.Time.Move(TimeSpan.FromSeconds(30));
        var code = host.CodeOf(secret);
        (await SignInAsync(code)).LacksSecondFactor.ShouldBeFalse();
        (await CodeAsync(() => SignInAsync(code))).ShouldBe("sign_in_failed", "a code opens once");
        host.Time.Move(TimeSpan.FromSeconds(90));
        code = host.CodeOf(secret);
        host.Time.Move(TimeSpan.FromSeconds(61));
        (await CodeAsync(() => SignInAsync(code))).ShouldBe("sign_in_failed", "two steps late");
        (await SignInAsync(codes[3].ToUpperInvariant())).LacksSecondFactor.ShouldBeFalse();
        (await CodeAsync(() => SignInAsync(codes[3]))).ShouldBe("sign_in_failed", "a recovery code opens once");
        (await host.Store.ReadAsync(store => store.ScalarAsync<string>("select totp_secret from app_user")))!.ShouldNotContain(secret);

        Task<SignInRecord> SignInAsync(string given) => nobody.SignInAsync(new SignInRequest(Email, AdminHost.Password, given));
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_session_ends_unused_at_last_by_number_and_with_its_user(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind);
        var first = await host.UserAsync(Email, Auditor);
        using var nobody = host.Admin(null);
        using var owner = host.Admin(host.World.AdminKey);

        for (var used = 1; used <= 14; used++)
        {
            host.Time.Move(TimeSpan.FromMinutes(55));
            (await IsOpenAsync(first)).ShouldBe(used < 14, "used within the hour it lasts 12 hours, of which 13 times 55 minutes are a little less");
        }

        var idle = (await nobody.SignInAsync(new SignInRequest(Email, AdminHost.Password))).Session;
        host.Time.Move(TimeSpan.FromMinutes(59));
        (await IsOpenAsync(idle)).ShouldBeTrue();
        host.Time.Move(TimeSpan.FromMinutes(60));
        (await IsOpenAsync(idle)).ShouldBeFalse("an hour without use");

        var many = new List<string>();
        for (var i = 0; i < 21; i++)
        {
            host.Time.Move(TimeSpan.FromSeconds(1));
            many.Add((await nobody.SignInAsync(new SignInRequest(Email, AdminHost.Password))).Session);
        }

        (await IsOpenAsync(many[0])).ShouldBeFalse("the oldest makes room");
        (await IsOpenAsync(many[1])).ShouldBeTrue();
        using var last = host.Admin(many[20]);
        (await last.ListSessionsAsync()).Count.ShouldBe(20);

        await owner.EnableUserAsync(Email, enable: false);
        (await IsOpenAsync(many[20])).ShouldBeFalse();
        (await CodeAsync(() => nobody.SignInAsync(new SignInRequest(Email, AdminHost.Password)))).ShouldBe("sign_in_failed");
        await owner.EnableUserAsync(Email, enable: true);
        (await IsOpenAsync(many[20])).ShouldBeFalse("what ended stays so");

        async Task<bool> IsOpenAsync(string session)
        {
            using var client = host.Client(session);
            using var response = await client.GetAsync("/admin/v1/me");
            return response.StatusCode == HttpStatusCode.OK;
        }
    }

    [Fact]
    public async Task A_browsers_session_changes_nothing_for_another_site()
    {
        await using var host = await AdminHost.StartAsync(stores, StoreKind.Sqlite);
        await host.InviteAsync(Email, new Grant(Role.Developer, GrantScope.Platform));
        using var client = host.Client();
        using var signedIn = await client.PostAsJsonAsync("/admin/v1/sign-in", new { email = Email, password = AdminHost.Password });
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldStartWith("__Host-dogana=dgs_");
        foreach (var attribute in new[] { "path=/", "httponly", "samesite=strict" })
        {
            cookie.ShouldContain(attribute, Case.Insensitive);
        }

        (await SendAsync(HttpMethod.Get, null, null)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Post, null, null)).ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Post, "Sec-Fetch-Site", "cross-site")).ShouldBe(HttpStatusCode.Forbidden);
        (await SendAsync(HttpMethod.Post, "Sec-Fetch-Site", "same-origin")).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(HttpMethod.Post, "X-Dogana-Csrf", "1")).ShouldBe(HttpStatusCode.OK);

        async Task<HttpStatusCode> SendAsync(HttpMethod method, string? header, string? value)
        {
            using var request = new HttpRequestMessage(method, "/admin/v1/keys");
            request.Headers.Add("Cookie", cookie.Split(';')[0]);
            if (header is not null)
            {
                request.Headers.Add(header, value);
            }

            if (method == HttpMethod.Post)
            {
                request.Content = JsonContent.Create(new { name = "k", kind = "project", project = "acme-shop" });
            }

            using var response = await client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task An_invitation_opens_no_account_that_is_there_already(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind);
        using var owner = host.Admin(host.World.AdminKey);
        using var nobody = host.Admin(null);
        using var tenant = host.Admin(await host.KeyAsync(new Grant(Role.CustomerAdmin, GrantScope.Organisation("acme"))));
        var session = await host.UserAsync(Email, Auditor);

        // Another tenant's invitation of somebody who has an account: it takes that account's password.
        var invitation = await tenant.InviteAsync(new InviteRequest(Email, "developer", "organisation:acme"));
        (await tenant.GetUserAsync(Email)).ShouldSatisfyAllConditions(user => user.State.ShouldBe("invited"), user => user.Grants.Single().Scope.ShouldBe("organisation:acme"));
        (await CodeAsync(() => nobody.SignUpAsync(new SignUpRequest(invitation.Text, "chosen by somebody else")))).ShouldBe("sign_in_failed");
        (await CodeAsync(() => tenant.GrantAsync(Email, new GrantRecord("developer", "organisation:acme")))).ShouldBe("conflict");
        (await CodeAsync(() => tenant.ResetUserAsync(Email))).ShouldBe("not_found");
        using var ana = host.Admin(session);
        (await ana.GetMeAsync()).Grants.Count.ShouldBe(1, "nothing holds until it is accepted");

        // Nor one of somebody who was reset, and has no password at the moment.
        var reset = await owner.ResetUserAsync(Email);
        (await CodeAsync(() => ana.GetMeAsync())).ShouldBe("invalid_api_key");
        (await CodeAsync(() => nobody.SignUpAsync(new SignUpRequest(invitation.Text, "chosen by somebody else")))).ShouldBe("sign_in_failed");
        await nobody.SignUpAsync(new SignUpRequest(reset.Text, "a new password of mine"));
        await nobody.SignUpAsync(new SignUpRequest(invitation.Text, "a new password of mine"));
        using var again = host.Admin((await nobody.SignInAsync(new SignInRequest(Email, "a new password of mine"))).Session);
        (await again.GetMeAsync()).Grants.Select(static grant => $"{grant.Role}@{grant.Scope}").ShouldBe(["auditor@platform", "developer@organisation:acme"], ignoreOrder: true);

        // The tenant still does not reach the whole user.
        (await CodeAsync(() => tenant.ResetUserAsync(Email))).ShouldBe("insufficient_permissions");
        (await tenant.GetUserAsync(Email)).Grants.Single().Role.ShouldBe("developer");
        (await tenant.RevokeGrantAsync(Email, new GrantRecord("developer", "organisation:acme"))).Grants.ShouldBeEmpty();
        (await again.GetMeAsync()).Grants.Single().Role.ShouldBe("auditor");

        host.Time.Move(TimeSpan.FromDays(8));
        var old = await owner.InviteAsync(new InviteRequest("late@example.com", "auditor"));
        host.Time.Move(TimeSpan.FromDays(7));
        (await CodeAsync(() => nobody.SignUpAsync(new SignUpRequest(old.Text, AdminHost.Password)))).ShouldBe("sign_in_failed");
    }

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_user_and_the_users_key_are_one_person_and_share_their_fate(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind);
        var session = await host.UserAsync(Email, Grant.Everything);
        await host.EnrolAsync(session);
        using var ana = host.Admin(session);
        using var key = host.Admin((await ana.CreateKeyAsync(new NewKeyRequest("ana's", "admin"))).Text);
        using var keysKey = host.Admin((await key.CreateKeyAsync(new NewKeyRequest("ana's too", "admin"))).Text);
        using var other = host.Admin(host.World.AdminKey);

        // Four eyes are two people's, whatever they hold in their hands; also where a file makes the proposal.
        var proposal = new ProposeMeasureRequest("lumen", "northwind", "warn", "Read the terms.");
        foreach (var (proposer, same) in new[] { (ana, key), (key, ana), (keysKey, ana), (key, keysKey) })
        {
            var id = (await proposer.ProposeMeasureAsync(proposal)).Id;
            (await CodeAsync(() => same.ApproveMeasureAsync(id))).ShouldBe("conflict");
            (await other.ApproveMeasureAsync(id)).State.ShouldBe("in_force");
        }

        await ana.ApplyAsync(
            "dogana: 1\nmeasures: [{ id: m1, organisation: lumen, owner: northwind, level: warn, reason: Read., proposed_by: a, approved_by: b }]", "measures.yaml", dryRun: false);
        (await CodeAsync(() => key.ApproveMeasureAsync("m1"))).ShouldBe("conflict");
        (await other.ApproveMeasureAsync("m1")).State.ShouldBe("in_force");

        (await ana.ListKeysAsync()).Count(static item => item.OwnerUser == Email).ShouldBe(2);
        (await other.ListAuditAsync()).Data.Any(static item => item.Actor == "user/" + Email && item.Action == "measure.propose").ShouldBeTrue();

        // What the user loses, the user's keys lose.
        await other.RevokeGrantAsync(Email, new GrantRecord("owner"));
        (await CodeAsync(() => key.ListUsersAsync())).ShouldBe("insufficient_permissions");
        await other.EnableUserAsync(Email, enable: false);
        (await CodeAsync(() => key.GetMeAsync())).ShouldBe("invalid_api_key");
    }

    private static async Task<string?> CodeAsync<T>(Func<Task<T>> act) => (await Should.ThrowAsync<DoganaException>(act)).Code;
}
