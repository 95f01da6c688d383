using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dogana.Audit;
using Dogana.Authority;
using Dogana.Billing;
using Dogana.Client;
using Dogana.Ledger;
using Dogana.Settlement;
using Dogana.Tests.Billing;
using Dogana.Tests.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Dogana.Tests.Settlement;

public sealed class MoneyEndpointsTests(StoreFixture stores)
{
    private static readonly JsonSerializerOptions Wire = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    [Fact]
    public async Task A_month_is_closed_and_its_documents_are_read_as_stored()
    {
        await using var world = await WorldAsync();
        await using var server = await ServeAsync(world, MoneyWorld.InFebruary);
        using var client = ClientOf(server);

        var closed = await PostAsync<PeriodCloseResult>(client, "periods/2026-01/close");
        var again = await PostAsync<PeriodCloseResult>(client, "periods/2026-01/close");
        var invoices = await client.GetFromJsonAsync<InvoiceSummary[]>("invoices?month=2026-01", Wire);
        var json = await client.GetStringAsync(new Uri("invoices/CLOUD-000001", UriKind.Relative));
        var statement = await client.GetFromJsonAsync<StatementDocument>("statements/CLOUD_OWNER-000001", Wire);
        var verified = await PostAsync<BooksVerificationReport>(client, "ledger/verify");

        closed.Invoices.ShouldHaveSingleItem().Net.ShouldBe("15.00");
        closed.Statements.ShouldHaveSingleItem().Closing.ShouldBe("3.00");
        (again.Invoices[0], again.Statements[0]).ShouldBe((closed.Invoices[0], closed.Statements[0]));
        invoices!.ShouldBe(closed.Invoices);
        DocumentText.Hash(json).ShouldBe(closed.Invoices[0].Hash);
        (statement!.Accruals, statement.Payee.Id).ShouldBe(("3.00", "owner"));
        (verified.Verified, verified.Entries).ShouldBe((true, 4));
        (await world.Store.ReadAsync(session => AuditLog.ReadAsync(session, 10))).ShouldAllBe(row => row.Actor == "key-1");
    }

    [Fact]
    public async Task Documents_are_pages_for_those_who_ask_for_html()
    {
        await using var world = await WorldAsync();
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await using var server = await ServeAsync(world, MoneyWorld.InFebruary);
        using var client = ClientOf(server);

        using var page = await client.GetAsync(new Uri("statements/CLOUD_OWNER-000001?format=html", UriKind.Relative));
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        using var accepted = await client.GetAsync(new Uri("invoices/CLOUD-000001", UriKind.Relative));
        using var json = await client.GetAsync(new Uri("invoices/CLOUD-000001?format=json", UriKind.Relative));

        foreach (var response in new[] { page, accepted })
        {
            response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
            response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldStartWith("default-src 'none'");
            (await response.Content.ReadAsStringAsync()).ShouldStartWith("<!doctype html>");
        }

        json.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
    }

    [Fact]
    public async Task Amounts_are_text_and_lines_come_in_pages()
    {
        await using var world = await WorldAsync();
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await using var server = await ServeAsync(world, MoneyWorld.InFebruary);
        using var client = ClientOf(server);

        var first = await client.GetFromJsonAsync<RatedLineRecord[]>("rated-lines?organisation=acme&limit=1", Wire);
        var second = await client.GetFromJsonAsync<RatedLineRecord[]>($"rated-lines?organisation=acme&limit=1&after={first![0].Number}", Wire);
        var balances = await client.GetStringAsync(new Uri("ledger/balances?book=owner", UriKind.Relative));

        first[0].ShouldSatisfyAllConditions(line => line.Amount.ShouldBe("15.00"), line => line.Contract.ShouldBe("acme-resale"), line => line.UnitPrice.ShouldBe("0.15"));
        second!.ShouldHaveSingleItem().Amount.ShouldBe("0.00000015");
        balances.ShouldContain("""{"book":"owner","kind":"receivable","party":"cloud","currency":"USD","amount":"3.00"}""");
    }

    [Theory]
    [InlineData("GET", "invoices/NONE-000001", HttpStatusCode.NotFound)]
    [InlineData("GET", "invoices?month=January", HttpStatusCode.BadRequest)]
    [InlineData("GET", "statements/NONE", HttpStatusCode.NotFound)]
    [InlineData("GET", "rated-lines?limit=0", HttpStatusCode.BadRequest)]
    [InlineData("GET", "channels/none/margin?month=2026-01", HttpStatusCode.NotFound)]
    [InlineData("GET", "channels/resale/margin", HttpStatusCode.BadRequest)]
    [InlineData("POST", "channels/resale/exports?format=gold", HttpStatusCode.BadRequest)]
    [InlineData("POST", "channels/resale/exports?format=aws", HttpStatusCode.NotFound)]
    [InlineData("POST", "periods/2026-02/close", HttpStatusCode.Conflict)]
    [InlineData("POST", "periods/2026/close", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_is_a_problem(string method, string path, HttpStatusCode status)
    {
        await using var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await using var server = await ServeAsync(world, MoneyWorld.InFebruary);
        using var client = ClientOf(server);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));

        using var response = await client.SendAsync(request);

        response.StatusCode.ShouldBe(status);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Partners_pay_see_their_side_and_what_the_seller_keeps()
    {
        await using var world = await WorldAsync();
        await world.CloseAsync(MoneyWorld.January, MoneyWorld.InFebruary);
        await using var server = await ServeAsync(world, MoneyWorld.InFebruary);
        using var client = ClientOf(server);

        var (owners, clouds) = (await ViewAsync("owner"), await ViewAsync("cloud"));
        using var others = await client.GetAsync(new Uri("statements/CLOUD_OWNER-000001?view=acme", UriKind.Relative));
        var paid = await PayAsync("3.00");
        var again = await PayAsync("3.00");
        using var wrong = await client.PostAsJsonAsync("settlement-payments", new SettlementPaymentRequest("cloud", "owner", "0.001", "USD", "2026-02-14", "W-2"), Wire);
        var payments = await client.GetFromJsonAsync<Page<SettlementPaymentRecord>>("settlement-payments", Wire);
        var margin = (await client.GetFromJsonAsync<ChannelMarginRecord[]>("channels/resale/margin?month=2026-01", Wire))!.ShouldHaveSingleItem();

        (owners.Closing, clouds.Closing, owners.Legs[0].Shares, clouds.Legs[0].Shares).ShouldBe(("3.00", "-3.00", "3.00", "-3.00"));
        others.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        again.ShouldBe(paid);
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        payments!.Data.ShouldHaveSingleItem().Reference.ShouldBe("W-1");
        (margin.Sold, margin.SharesPaid, margin.Margin, margin.MarginBasisPoints).ShouldBe(("15.00", "3.00", "12.00", 8_000));
        (await PostAsync<BooksVerificationReport>(client, "ledger/verify")).Verified.ShouldBeTrue();

        async Task<StatementDocument> ViewAsync(string party) => (await client.GetFromJsonAsync<StatementDocument>($"statements/CLOUD_OWNER-000001?view={party}", Wire))!;

        async Task<SettlementPaymentRecord> PayAsync(string amount)
        {
            using var response = await client.PostAsJsonAsync("settlement-payments", new SettlementPaymentRequest("cloud", "owner", amount, "USD", "2026-02-14", "W-1"), Wire);
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
            return (await response.Content.ReadFromJsonAsync<SettlementPaymentRecord>(Wire))!;
        }
    }

    private static async Task<WebApplication> ServeAsync(MoneyWorld world, DateTimeOffset now)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(world.Store).AddSingleton<TimeProvider>(new StoppedClock(now));
        builder.Services.ConfigureHttpJsonOptions(static options => options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        var server = builder.Build();
        server.Use(static (context, next) =>
        {
            context.SetActor("key-1");
            context.SetPrincipal(new Principal("key-1", [Grant.Everything]));
            return next(context);
        });
        server.MapGroup("/admin/v1").MapBilling().MapLedger().MapSettlement().MapChannelExports();
        await server.StartAsync();
        return server;
    }

    private static HttpClient ClientOf(WebApplication server) => new() { BaseAddress = new Uri(server.Urls.Single() + "/admin/v1/") };

    private static async Task<T> PostAsync<T>(HttpClient client, string path)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return (await response.Content.ReadFromJsonAsync<T>(Wire))!;
    }

    private async Task<MoneyWorld> WorldAsync()
    {
        var world = await MoneyWorld.OpenAsync(stores, StoreKind.Sqlite);
        await world.UseAsync(new Call("acme", MoneyWorld.MidJanuary, 100_000_000) { Channel = "resale" }, new Call("acme", MoneyWorld.InFebruary.AddDays(20), 1) { Channel = "resale" });
        await world.AccrueAsync();
        return world;
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
