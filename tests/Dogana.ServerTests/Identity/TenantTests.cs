using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Notices;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Routing;

namespace Dogana.ServerTests.Identity;

/// <summary>Two customers, and the seller of a channel on which one of them buys: nobody finds anything of anybody else's.</summary>
public sealed class TenantTests(StoreFixture stores)
{
    private const string More = """
        dogana: 1
        quotas:
          - { id: of-acme, organisation: acme, model: fake-chat, tokens_per_minute: 1000000 }
          - { id: of-lumen, organisation: lumen, model: fake-chat, tokens_per_minute: 1000000 }
          - { id: of-far, organisation: far, model: fake-chat, tokens_per_minute: 1000000 }
        notice_targets:
          - { id: acme-mail, organisation: acme, kind: email, address: ops@acme.example }
          - { id: lumen-mail, organisation: lumen, kind: email, address: ops@lumen.example }
          - { id: far-mail, organisation: far, kind: email, address: ops@far.example }
          - { id: everything, organisation: "*", kind: email, address: ops@platform.example }
        terms:
          - id: use
            name: Terms of use
            owner: northwind
            versions:
              - { version: "1", effective_from: 2025-01-01, text_url: "https://northwind.example/1", serve: true, log: false, evaluate: true, train: false, competing_models: prohibited }
        licence_exceptions:
          - { id: of-acme, organisation: acme, terms: use, grants: [train], from: 2025-01-01, approved_by: Ana, reason: acme asked }
          - { id: of-lumen, organisation: lumen, terms: use, grants: [train], from: 2025-01-01, approved_by: Ana, reason: lumen asked }
          - { id: of-far, organisation: far, terms: use, grants: [train], from: 2025-01-01, approved_by: Ana, reason: far asked }
        share_agreements:
          - { id: acme-far, payer: acme, payee: far, channel: direct, percent: 10, from: 2025-01-01 }
        """;

    [Theory]
    [InlineData(StoreKind.Sqlite)]
    [InlineData(StoreKind.Postgres)]
    public async Task A_tenant_walks_every_endpoint_and_finds_nothing_of_another(StoreKind kind)
    {
        await using var host = await AdminHost.StartAsync(stores, kind, More);
        var ids = await FillAsync(host);
        (string Who, Grant Grant, string Other, string[] Own, string[] Foreign)[] tenants =
        [
            ("acme", new(Role.CustomerAdmin, GrantScope.Organisation("acme")), "lumen", ["acme-shop"], ["lumen", "far-", "cloud", "platform.example"]),
            ("lumen", new(Role.CustomerAdmin, GrantScope.Organisation("lumen")), "acme", ["lumen-app", "lumen-lab"], ["acme", "far-", "platform.example", "lumen-group"]),
            ("cloud", new(Role.ResellerAdmin, GrantScope.Channel("cloud")), "acme", ["lumen-app"], ["acme", "far-", "lumen-lab", "platform.example", "lumen-group", "ana@lumen.example"]),
        ];
        foreach (var (who, grant, other, own, foreign) in tenants)
        {
            using var client = host.Client(await host.KeyAsync(grant));
            foreach (var endpoint in host.Endpoints.Where(static endpoint => endpoint.Metadata.GetMetadata<Requirement>()!.Audience == Audience.Tenants))
            {
                var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
                var row = $"{method} {endpoint.RoutePattern.RawText!["/admin/v1".Length..]}";
                Rows.ShouldContainKey(row, "every endpoint for tenants has a row here");
                var (path, body) = Rows[row];
                var text = await SendAsync(client, method, path, body, ids[other]);
                if (!RoleMatrix.Allows(grant, endpoint.Metadata.GetMetadata<Requirement>()!.Permission!.Value))
                {
                    text.Status.ShouldBe(HttpStatusCode.Forbidden, $"{who}: {row}");
                    continue;
                }

                if (method == "GET" && path.IndexOf('$', StringComparison.Ordinal) < 0)
                {
                    text.Status.ShouldBe(HttpStatusCode.OK, $"{who}: {row}");
                    foreach (var word in foreign.Concat(ids.Where(item => item.Key != who && !(who == "cloud" && item.Key == "lumen")).Select(static item => item.Value["key"])))
                    {
                        text.Body.ShouldNotContain(word, Case.Insensitive, $"{who}: {row}");
                    }

                    continue;
                }

                // Not there, in the very words of what is nowhere.
                text.Status.ShouldBe(row == "GET /terms/{id}" || row == "GET /terms/{id}/acceptances" ? HttpStatusCode.OK : row == "POST /users" ? HttpStatusCode.Forbidden : HttpStatusCode.NotFound, $"{who}: {row} {text.Body}");
                foreach (var word in foreign)
                {
                    Without(text.Body, ids[other]).ShouldNotContain(word, Case.Insensitive, $"{who}: {row}");
                }

                var nowhere = ids[other].ToDictionary(static item => item.Key, static item => item.Key == "terms" ? item.Value : "nowhere-" + item.Key.Length + item.Key[0], StringComparer.Ordinal);
                var none = await SendAsync(client, method, path, body, nowhere);
                (none.Status, Without(none.Body, nowhere)).ShouldBe((text.Status, Without(text.Body, ids[other])), $"{who}: {row}");
            }

            foreach (var project in own)
            {
                (await client.GetStringAsync("/admin/v1/projects")).ShouldContain($"\"{project}\"");
                (await client.GetStringAsync("/admin/v1/usage")).ShouldContain($"\"{project}\"");
                (await client.GetStringAsync("/admin/v1/keys")).ShouldContain($"\"{project}\"");
            }
        }
    }

    [Fact]
    public async Task A_tenant_finds_all_that_is_its_own_and_the_platform_finds_everything()
    {
        await using var host = await AdminHost.StartAsync(stores, StoreKind.Sqlite, More);
        var ids = await FillAsync(host);
        using var acme = host.Client(await host.KeyAsync(new Grant(Role.CustomerAdmin, GrantScope.Organisation("acme"))));
        using var cloud = host.Client(await host.KeyAsync(new Grant(Role.ResellerAdmin, GrantScope.Channel("cloud"))));
        using var all = host.Client(host.World.AdminKey);
        foreach (var (row, (path, _)) in Rows.Where(static item => item.Key.StartsWith("GET", StringComparison.Ordinal)))
        {
            foreach (var client in new[] { acme, all })
            {
                var (status, body) = await SendAsync(client, "GET", path, null, ids["acme"]);
                status.ShouldBe(HttpStatusCode.OK, row);
                body.ShouldContain("acme", Case.Insensitive, row);
            }

            (await SendAsync(all, "GET", path, null, ids["lumen"])).Body.ShouldContain("lumen", Case.Insensitive, row);
        }

        // The seller's: what is bought on its channel, and what it owes for it.
        (await cloud.GetStringAsync("/admin/v1/invoices")).ShouldContain("LUMEN-CLOUD-1");
        (await cloud.GetStringAsync("/admin/v1/invoices")).ShouldNotContain("LUMEN-DIRECT-1");
        (await cloud.GetStringAsync("/admin/v1/statements")).ShouldContain("ST-CLOUD-1");
        using var lumen = host.Client(await host.KeyAsync(new Grant(Role.CustomerAdmin, GrantScope.Organisation("lumen"))));
        var (seen, own) = (await cloud.GetStringAsync("/admin/v1/standing/lumen"), await lumen.GetStringAsync("/admin/v1/standing/lumen"));
        seen.ShouldContain("\"channel\":\"cloud\"");
        seen.ShouldNotContain("\"channel\":\"direct\"");
        own.ShouldContain("\"channel\":\"direct\"");
        foreach (var hidden in new[] { "lumen-group", host.World.AdminKey.Substring(4, 12), "acme" })
        {
            (seen + own).ShouldNotContain(hidden, Case.Insensitive, "who else is in the family, and who decided, is not the tenant's to know");
        }

        using var revoked = await acme.PostAsync($"/admin/v1/keys/{ids["acme"]["key"]}/revoke", null);
        revoked.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var made = await acme.PostAsJsonAsync("/admin/v1/keys", new { name = "own", kind = "project", project = "acme-shop" });
        made.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var retried = await acme.PostAsync($"/admin/v1/notice-deliveries/{ids["acme"]["delivery"]}/retry", null);
        retried.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static readonly string[] Linked = ["acme", "lumen", "far-away"];

    // A case of which the customer was told, linked to the others, and a question.
    private static async Task<(string Case, string Question)> CaseAsync(AdminClient admin, string organisation)
    {
        var report = new ReportSignalRequest(
            organisation, "northwind", "linked_accounts", "linked.work", "1", "weak", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1, 1, 1,
            "Work split with acme, lumen and far-away.", "One office.", Linked: [.. Linked.Where(name => !name.StartsWith(organisation, StringComparison.Ordinal))], LinkingFact: "Paid as acme, lumen and far-away are.");
        await admin.ReportSignalAsync(report);
        var question = (await admin.ListQuestionsAsync()).Data.Single(item => item.Organisation == organisation).Id;
        var signal = await admin.ReportSignalAsync(report with { Strength = "strong" });
        await admin.DoCaseAsync(signal.Case!, "open", new CaseReasonRequest("Why."));
        await admin.DoCaseAsync(signal.Case!, "notice", new CaseNoticeRequest($"Work of {organisation} is split with acme, lumen and far-away.", "use@1", "4"));
        return (signal.Case!, question);
    }

    private static InvoiceDocument Document(string number, string organisation, string channel)
    {
        var (start, end) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddDays(31));
        return new InvoiceDocument(
            "dogana-invoice-2", "invoice", number, "2026-02-01", "2026-03-03", new DocumentParty("northwind", "Northwind", "US"), new DocumentParty(organisation, organisation, "IT"), channel,
            new DocumentPeriod("2026-01", start, end, "Etc/UTC", "test"), "USD", [new InvoiceDocumentLine(1, "fee", "2026-01", start, end, "0.000001", "0.00", "O", "0") { Text = "A fee" }],
            [new InvoiceDocumentTax("O", "0", "0.00", "0.00")], "0.000001", "0.000001", "0.00", "0.00", "0.00", "0.00", "0.00", new DocumentManifest("1", 0, "c", null, [], ""));
    }

    // Each endpoint for tenants, with the place of another tenant's ids.
    private static Dictionary<string, (string Path, string? Body)> Rows { get; } = new(StringComparer.Ordinal)
    {
        ["GET /keys"] = ("/keys", null),
        ["POST /keys"] = ("/keys", """{"name":"x","kind":"project","project":"$project"}"""),
        ["GET /keys/{id}"] = ("/keys/$key", null),
        ["POST /keys/{id}/update"] = ("/keys/$key/update", """{"name":"x"}"""),
        ["POST /keys/{id}/rotate"] = ("/keys/$key/rotate", null),
        ["GET /quotas"] = ("/quotas", null),
        ["GET /quotas/{id}"] = ("/quotas/$quota", null),
        ["POST /keys/{id}/revoke"] = ("/keys/$key/revoke", null),
        ["GET /projects"] = ("/projects", null),
        ["GET /organisations"] = ("/organisations", null),
        ["GET /usage"] = ("/usage", null),
        ["GET /exports/focus"] = ("/exports/focus?month=2026-01", null),
        ["GET /rated-lines"] = ("/rated-lines", null),
        ["GET /rated-lines/{number}/usage"] = ("/rated-lines/$line/usage", null),
        ["GET /contracts"] = ("/contracts", null),
        ["GET /invoices/drafts/{contract}"] = ("/invoices/drafts/$contract", null),
        ["GET /invoices/{number}/lines/{position}"] = ("/invoices/$invoice/lines/1", null),
        ["GET /invoices"] = ("/invoices", null),
        ["GET /invoices/{number}"] = ("/invoices/$invoice", null),
        ["GET /insight/customers/{organisation}"] = ("/insight/customers/$organisation", null),
        ["GET /receivables"] = ("/receivables", null),
        ["GET /receivables/{number}"] = ("/receivables/$invoice", null),
        ["GET /disputes"] = ("/disputes", null),
        ["POST /invoices/{number}/disputes"] = ("/invoices/$invoice/disputes", """{"reason":"wrong"}"""),
        ["GET /payments"] = ("/payments", null),
        ["GET /accounts/{organisation}/statement"] = ("/accounts/$organisation/statement?seller=northwind", null),
        ["GET /statements"] = ("/statements", null),
        ["GET /statements/{number}"] = ("/statements/$statement", null),
        ["GET /standing/{organisation}"] = ("/standing/$organisation", null),
        ["GET /terms"] = ("/terms", null),
        ["GET /terms/{id}"] = ("/terms/$terms", null),
        ["GET /terms/{id}/acceptances"] = ("/terms/$terms/acceptances", null),
        ["POST /terms/{id}/acceptances"] = ("/terms/$terms/acceptances", """{"organisation":"$organisation","accepted_by":"Eve"}"""),
        ["GET /cases"] = ("/cases", null),
        ["GET /cases/{id}"] = ("/cases/$case", null),
        ["GET /cases/{id}/page"] = ("/cases/$case/page", null),
        ["GET /cases/{id}/evidence"] = ("/cases/$case/evidence", null),
        ["POST /cases/{id}/answer"] = ("/cases/$case/answer", """{"text":"x"}"""),
        ["POST /cases/{id}/appeal"] = ("/cases/$case/appeal", """{"text":"x"}"""),
        ["GET /questions"] = ("/questions", null),
        ["POST /questions/{id}/answer"] = ("/questions/$question/answer", """{"uses":["search"],"text":"x"}"""),
        ["GET /notice-targets"] = ("/notice-targets", null),
        ["POST /notice-targets/{id}/secret"] = ("/notice-targets/$target/secret", null),
        ["POST /notice-targets/{id}/test"] = ("/notice-targets/$target/test", null),
        ["POST /notice-targets/{id}/enable"] = ("/notice-targets/$target/enable", null),
        ["POST /notice-targets/{id}/disable"] = ("/notice-targets/$target/disable", null),
        ["GET /notice-deliveries"] = ("/notice-deliveries", null),
        ["POST /notice-deliveries/{id}/retry"] = ("/notice-deliveries/$delivery/retry", null),
        ["DELETE /notice-deliveries/{id}"] = ("/notice-deliveries/$delivery", null),
        ["GET /users"] = ("/users", null),
        ["GET /users/{email}"] = ("/users/$user", null),
        ["POST /users"] = ("/users", """{"email":"eve@example.com","role":"developer","scope":"organisation:$organisation"}"""),
        ["POST /users/{email}/disable"] = ("/users/$user/disable", null),
        ["POST /users/{email}/enable"] = ("/users/$user/enable", null),
        ["POST /users/{email}/reset"] = ("/users/$user/reset", null),
        ["POST /users/{email}/grants"] = ("/users/$user/grants", """{"role":"developer","scope":"organisation:$organisation"}"""),
        ["DELETE /users/{email}/grants/{role}/{scope}"] = ("/users/$user/grants/customer_admin/organisation:$organisation", null),
    };

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpClient client, string method, string path, string? body, Dictionary<string, string> ids)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/admin/v1" + With(path, ids));
        if (body is not null)
        {
            request.Content = new StringContent(With(body, ids), Encoding.UTF8, "application/json");
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static string With(string text, Dictionary<string, string> ids) => ids.Aggregate(text, static (all, item) => all.Replace("$" + item.Key, item.Value, StringComparison.Ordinal));

    private static string Without(string text, Dictionary<string, string> ids) =>
        ids.OrderByDescending(static item => item.Value.Length).Aggregate(text, static (all, item) => all.Replace(item.Value, item.Key, StringComparison.OrdinalIgnoreCase));

    // Usage, documents, acceptances, notices and users of all three, straight into the tables where only a month of work would make them.
    private static async Task<Dictionary<string, Dictionary<string, string>>> FillAsync(AdminHost host)
    {
        using var admin = host.Admin(host.World.AdminKey);
        var ids = new Dictionary<string, Dictionary<string, string>>(StringComparer.Ordinal);
        var sequence = 0;
        foreach (var (organisation, project, channel) in new[] { ("acme", "acme-shop", "direct"), ("lumen", "lumen-app", "cloud"), ("lumen", "lumen-lab", "direct"), ("far", "far-away", "direct") })
        {
            sequence++;
            var invoice = $"{organisation}-{channel}-1".ToUpperInvariant();
            var key = (await admin.CreateKeyAsync(new NewKeyRequest($"of {organisation}", "project", project))).Key.Id;
            await host.Store.WriteAsync(async session =>
            {
                await session.ExecuteAsync(
                    """
                    insert into usage_record(source, id, ingest_sequence, payload_hash, project, organisation, channel, key_id, deployment, model, opened_at, closed_at, ending,
                        input_tokens, cached_input_tokens, output_tokens)
                    values('test', @id, @sequence, 'hash', @project, @organisation, @channel, @key, 'fake', 'fake-chat', 0, 0, 'Completed', 1, 0, 1)
                    """,
                    new { id = $"call-{sequence}", sequence, project, organisation, channel, key });
                await session.ExecuteAsync(
                    """
                    insert into rated_line(number, cause, seller, organisation, channel, contract, period_start, hour, model, meter, price_book, price_from, price_key, is_resale, records, quantity,
                        currency, micro, pico, first_sequence, last_sequence)
                    values(@number, 'accrual/1-4/x', 'northwind', @organisation, @channel, 'c', 0, 0, 'fake-chat', 'input_tokens', 'usd', 0, 'unit', 0, 1, 1, 'USD', 1, 0, @sequence, @sequence)
                    """,
                    new { number = 987_650_000 + sequence, sequence, organisation, channel });
                return await session.ExecuteAsync(
                    """
                    insert into invoice(number, kind, seller, seller_sequence, organisation, channel, contract, currency, month, period_start, period_end, ingest_sequence, issued_at, due_at,
                        net_micro, net_pico, tax_micro, tax_pico, payable_micro, payable_pico, document, hash)
                    values(@invoice, 'Invoice', 'northwind', @sequence, @organisation, @channel, 'c', 'USD', '2026-01', 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, @document, 'hash')
                    """,
                    new { invoice, sequence, organisation, channel, document = DocumentText.Write(Document(invoice, organisation, channel)) });
            });
            if (ids.ContainsKey(organisation))
            {
                continue;
            }

            await admin.RecordPaymentAsync(new NewPaymentRequest(organisation, "northwind", "1.00", "USD", "2026-01-01", $"From {organisation}"));
            await host.Store.WriteAsync(session => session.ExecuteAsync(
                "insert into dispute(number, invoice, reason, micro, pico, state, opened_at, opened_by) values(@sequence, @invoice, 'wrong', 1, 0, 'Open', 0, 'test')", new { sequence, invoice }));

            await admin.AcceptTermsAsync("use", new AcceptTermsRequest(organisation, $"Head of {organisation}"));
            await host.InviteAsync($"ana@{organisation}.example", new Grant(Role.CustomerAdmin, GrantScope.Organisation(organisation)));
            await host.Store.WriteAsync(async session =>
            {
                await NoticeOutbox.PostAsync(session, [new Notice("terms.reminder", organisation, $"To {organisation}", "Read.", "{}", $"test/{organisation}")], host.Time.GetUtcNow());
                return 0;
            });
            var (item, question) = await CaseAsync(admin, organisation);
            ids[organisation] = new(StringComparer.Ordinal)
            {
                ["case"] = item, ["question"] = question,
                ["organisation"] = organisation, ["project"] = project, ["key"] = key, ["invoice"] = invoice, ["target"] = $"{organisation}-mail", ["user"] = $"ana@{organisation}.example", ["terms"] = "use",
                ["quota"] = $"of-{organisation}", ["contract"] = $"{organisation}-{channel}", ["line"] = (987_650_000 + sequence).ToString(CultureInfo.InvariantCulture),
                ["delivery"] = (await admin.ListNoticeDeliveriesAsync()).Data.First(item => item.Target == $"{organisation}-mail").Id,
                ["statement"] = $"ST-{organisation}-1",
            };
        }

        await admin.SuspendAsync(new SuspendRequest("lumen-group", "northwind", "Outputs trained another model."));
        foreach (var (number, agreement, payer, payee) in new[] { ("ST-acme-1", "acme-far", "acme", "far"), ("ST-lumen-1", "lumen-own", "lumen", "northwind"), ("ST-CLOUD-1", "skyharbour-northwind", "skyharbour", "northwind") })
        {
            await host.Store.WriteAsync(session => session.ExecuteAsync(
                """
                insert into partner_statement(number, pair, pair_sequence, payer, payee, month, currency, issued_at, accruals_micro, accruals_pico, clawbacks_micro, clawbacks_pico,
                    paid_micro, paid_pico, closing_micro, closing_pico, document, hash)
                values(@number, @agreement, 1, @payer, @payee, '2026-01', 'USD', 0, 1, 0, 0, 0, 0, 0, 1, 0, @document, 'hash')
                """,
                new { number, agreement, payer, payee, document = JsonSerializer.Serialize(new { payer = new { id = payer }, legs = new[] { new { channel = "cloud" } }, rents = Array.Empty<int>(), true_ups = Array.Empty<int>() }) }));
        }

        return ids;
    }
}
