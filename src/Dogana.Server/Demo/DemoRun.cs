using Dogana.Client;

namespace Dogana.Server.Demo;

/// <summary>The main job, once through: calls → usage → rated lines → invoices → statement → verification → suspension.</summary>
internal sealed class DemoRun(AdminClient admin, DemoCalls calls, DemoClock clock, Action<string> progress)
{
    /// <summary>The morning of a month's last day in Greenwich: every time zone on earth (UTC+14 too) is still in that month.</summary>
    public static DateTimeOffset Start { get; } = new(2026, 10, 31, 9, 0, 0, TimeSpan.Zero);

    private const string Month = "2026-10";

    public async Task<DemoReport> RunAsync(string worldFile, CancellationToken cancellation)
    {
        // 1. The world: who sells what to whom, at which price.
        progress("applying samples/opening-day.yaml");
        await admin.ApplyAsync(await File.ReadAllTextAsync(worldFile, cancellation), Path.GetFileName(worldFile), dryRun: false, cancellation);
        var shop = await CallerAsync("acme-shop", "direct", cancellation);
        Key = shop.Key;
        var app = await CallerAsync("lumen-app", "cloud", cancellation);
        var lab = await CallerAsync("lumen-lab", "direct", cancellation);

        // 2. The customers call.
        progress("calling the models");
        DemoAnswer[] answers =
        [
            await calls.ChatAsync(shop, "What is a usage record?", cancellation),
            await calls.StreamAsync(shop, "What happens when a family is suspended?", cancellation),
            await calls.EmbedAsync(shop, "Where can I see my invoice?", cancellation),
            await calls.ChatAsync(app, "What is a price book?", cancellation),
            await calls.StreamAsync(app, "Why does the reseller get a statement?", cancellation),
            await calls.EmbedAsync(app, "How is the partner's share computed?", cancellation),
        ];

        // 3. The month ends; it is closed: final invoices, then the reseller's statement.
        progress("closing the month");
        await clock.StepToAsync(Start.AddDays(2));
        var closed = await admin.ClosePeriodAsync(Month, cancellation);
        var invoices = await Task.WhenAll(closed.Invoices.Select(invoice => admin.GetInvoiceAsync(invoice.Number, cancellation)));
        var statements = await Task.WhenAll(closed.Statements.Select(statement => admin.GetStatementAsync(statement.Number, cancellation)));
        var usage = await admin.ListUsageAsync(cancellation: cancellation);
        var lines = await admin.ListRatedLinesAsync(cancellation: cancellation);

        // 4. The model's owner suspends a family: both channels refuse, others are served.
        progress("suspending a family");
        await admin.SuspendAsync(new SuspendRequest("lumen-media", "northwind", "Outputs were used to train a competing model."), cancellation);
        DemoRefusal[] refusals = [await calls.RefusedAsync(app, "What is a channel?", cancellation), await calls.RefusedAsync(lab, "What is a channel?", cancellation)];
        _ = await calls.ChatAsync(shop, "What is a channel?", cancellation);

        // 5. Does everything agree?
        progress("verifying the books");
        var verified = await admin.VerifyAsync(cancellation);
        return new DemoReport(
            answers, usage, lines, invoices, statements, new DemoLedger(verified.Verified, verified.Entries, verified.Head), refusals);
    }

    /// <summary>A key of the customer that stays in good standing.</summary>
    public string? Key { get; private set; }

    private async Task<DemoCaller> CallerAsync(string project, string channel, CancellationToken cancellation) =>
        new(project, channel, (await admin.CreateKeyAsync(new NewKeyRequest("demo", "project", project), cancellation)).Text);
}
