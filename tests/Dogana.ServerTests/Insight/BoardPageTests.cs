using System.Globalization;
using Dogana.Client;
using Dogana.Tests.Storage;
using Microsoft.Playwright;

namespace Dogana.ServerTests.Insight;

/// <summary>The report for a board as a browser shows it: a file that was sent to somebody.</summary>
public sealed class BoardPageTests(StoreFixture stores)
{
    private static readonly string[] Flags =
        ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    [Fact]
    public async Task It_opens_without_a_request_and_every_section_has_its_picture_on_a_screen_a_telephone_and_paper()
    {
        var world = await InsightWorld.CreateAsync(stores, StoreKind.Sqlite, months: 4);
        var file = Path.Combine(world.Folder, "report.html");
        ConcentrationRecord family;
        await using (var server = await ServerProcess.StartAsync(world.Start))
        {
            using var admin = new AdminClient(server.CreateClient(), world.AdminKey);
            await admin.SetAlertAsync("one", new AlertRequest("largest_share", "above", "0.1", "northwind", Currency: "USD"));
            await admin.EvaluateAlertsAsync();
            var (exit, output, error) = await DoganaProcess.RunAsync(world.AdminKey, ["insight", "report", "-o", file, "--currency", "USD", "--url", server.Address.ToString()]);
            exit.ShouldBe(0, output + error);
            family = await admin.GetConcentrationAsync(new InsightFilter(Currency: "USD"), "family");
        }

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = Flags });
        foreach (var width in new[] { 1280, 390 })
        {
            var page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 900 } });
            var requests = new List<string>();
            var errors = new List<string>();
            page.Request += (_, request) => requests.Add(request.Url);
            page.Console += (_, message) => errors.Add(message.Text);
            await page.GotoAsync(new Uri(file).ToString());

            requests.ShouldHaveSingleItem().ShouldStartWith("file:", Case.Sensitive, "nothing but the file itself is asked for");
            errors.ShouldBeEmpty();
            (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(width, "nothing stands out to the side");
            var pictures = await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('section')].map(s => s.id + ' ' + [...s.querySelectorAll('svg')].filter(v => v.getClientRects().length > 0).length)");
            pictures.Length.ShouldBe(6);
            pictures.ShouldAllBe(static section => !section.EndsWith(" 0", StringComparison.Ordinal));
            (await page.EvaluateAsync<bool>("() => [...document.querySelectorAll('figure')].every(f => [...f.querySelectorAll('svg')].filter(v => v.getClientRects().length > 0).length === 1 && f.querySelector('table tbody tr'))"))
                .ShouldBeTrue("each picture is shown once, and has its figures");

            // No two labels of a picture lie on each other.
            (await page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('svg')].filter(v => v.getClientRects().length > 0).flatMap(v => {
                    const texts = [...v.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
                    return texts.flatMap(([a, r], i) => texts.slice(i + 1).filter(([, s]) => r.left + 1 < s.right && s.left + 1 < r.right && r.top + 4 < s.bottom && s.top + 4 < r.bottom)
                        .map(([b]) => `${v.closest('figure').id}: ${a} | ${b}`));
                })
                """)).ShouldBeEmpty();
            (await page.Locator(".cards a[href='#concentration'] b").InnerTextAsync()).Replace('\u00a0', ' ').ShouldBe($"{(family.Cr1 * 100).ToString("0.0", CultureInfo.InvariantCulture)} %");
            if (width == 1280)
            {
                (await page.PdfAsync(new PagePdfOptions { Format = "A4" })).Length.ShouldBeGreaterThan(10_000);
            }
        }
    }
}
