using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dogana.Storage;
using Dogana.Tests.Storage;

namespace Dogana.ServerTests;

/// <summary><c>dogana demo</c>, as a user runs it: a process of its own, judged by what it prints.</summary>
public sealed class DemoTests(StoreFixture stores)
{
    [Fact]
    public async Task The_demo_prints_one_document_whose_invoices_a_pocket_calculator_confirms()
    {
        var folder = Path.Combine(stores.NewFolder(), "kept");
        using var demo = JsonDocument.Parse(await DoganaProcess.OkAsync("demo", "--json", "--keep", folder));
        var root = demo.RootElement;

        root.GetProperty("answers").GetArrayLength().ShouldBe(6);
        root.GetProperty("answers").EnumerateArray().ShouldAllBe(answer => answer.GetProperty("answer").GetString()!.Length > 10);
        root.GetProperty("usage").GetArrayLength().ShouldBe(6);
        root.GetProperty("ledger").GetProperty("verified").GetBoolean().ShouldBeTrue();
        root.GetProperty("refusals").EnumerateArray().Select(refusal => (refusal.GetProperty("channel").GetString(), refusal.GetProperty("status").GetInt32()))
            .ShouldBe([("cloud", 403), ("direct", 403)]);

        // Each invoice again, from lines[] alone: quantity × price ÷ per, summed by model, meter and price, rounded once, half away from zero.
        var invoices = root.GetProperty("invoices").EnumerateArray().ToArray();
        invoices.Length.ShouldBe(2);
        foreach (var invoice in invoices)
        {
            var groups = root.GetProperty("lines").EnumerateArray()
                .Where(line => line.GetProperty("contract").GetString() == invoice.GetProperty("manifest").GetProperty("contract").GetString())
                .GroupBy(line => (line.GetProperty("model").GetString(), line.GetProperty("meter").GetString(), Money(line, "unit_price"), line.GetProperty("per").GetInt64()));
            var net = groups.Sum(group => decimal.Round(group.Sum(line => line.GetProperty("quantity").GetInt64()) * group.Key.Item3 / group.Key.Item4, 2, MidpointRounding.AwayFromZero));
            Money(invoice, "net").ShouldBe(net);
            net.ShouldBeGreaterThan(0);
        }

        // The statement is a fifth of what the reseller invoiced.
        var statement = root.GetProperty("statements").EnumerateArray().Single();
        var sold = invoices.Single(invoice => invoice.GetProperty("channel").GetString() == "cloud");
        Money(statement, "accruals").ShouldBe(decimal.Round(Money(sold, "net") * 0.2m, 2, MidpointRounding.AwayFromZero));

        // The kept store serves the other verbs.
        (await DoganaProcess.OkAsync("verify", "--data", folder)).ShouldStartWith("verified");
        (await DoganaProcess.OkAsync("invoice", "show", invoices[0].GetProperty("number").GetString()!, "--html", "--data", folder)).ShouldContain("<html");
    }

    [Fact]
    public async Task Verify_names_a_byte_that_was_flipped()
    {
        var folder = Path.Combine(stores.NewFolder(), "kept");
        await DoganaProcess.OkAsync("demo", "--keep", folder);
        await using (var store = await Store.OpenFolderAsync(folder))
        {
            await store.WriteAsync(session => session.ExecuteAsync("update ledger_posting set micro = micro + 1 where entry = 2 and line = 1"));
        }

        var (exit, output, _) = await DoganaProcess.RunAsync("verify", "--data", folder);

        exit.ShouldBe(1);
        output.ShouldContain("NOT verified");
        output.ShouldContain("entry 2");
    }

    [Fact]
    public async Task Another_model_file_gives_other_answers()
    {
        var file = Path.Combine(stores.NewFolder(), "other.gguf");
        await File.WriteAllBytesAsync(file, OtherModel.Bytes());

        using var demo = JsonDocument.Parse(await DoganaProcess.OkAsync("demo", "--json", "--model", file));
        using var clerk = JsonDocument.Parse(await DoganaProcess.OkAsync("demo", "--json"));

        Answers(demo).ShouldNotBe(Answers(clerk));

        static string[] Answers(JsonDocument document) => [.. document.RootElement.GetProperty("answers").EnumerateArray()
            .Where(answer => answer.GetProperty("endpoint").GetString() == "chat/completions").Select(answer => answer.GetProperty("answer").GetString()!)];
    }

    [Fact]
    public async Task A_broken_model_file_is_refused_by_name()
    {
        var file = Path.Combine(stores.NewFolder(), "broken.gguf");
        var bytes = OtherModel.Bytes();
        await File.WriteAllBytesAsync(file, bytes[..(bytes.Length / 2)]);

        var (exit, _, error) = await DoganaProcess.RunAsync("demo", "--model", file);

        exit.ShouldBe(1);
        error.ShouldStartWith("dogana: ");
        error.ShouldContain("blk.");
    }

    [Fact]
    public async Task A_demo_that_stays_up_says_where_in_its_first_line()
    {
        var start = new ProcessStartInfo("dotnet", [Built.Program("Dogana.Server"), "demo", "--serve", "--json"]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        try
        {
            using var first = JsonDocument.Parse((await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(60)))!);
            using var client = new HttpClient { BaseAddress = new Uri(first.RootElement.GetProperty("url").GetString()!) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", first.RootElement.GetProperty("key").GetString());
            (await client.GetStringAsync("/v1/models")).ShouldContain("clerk-1");
            first.RootElement.GetProperty("adminKey").GetString().ShouldNotBeNullOrEmpty();
        }
        finally
        {
            using var terminate = Process.Start("kill", ["-TERM", $"{process.Id}"]); // it removes its folder on the way out
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    private static decimal Money(JsonElement parent, string name) => decimal.Parse(parent.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
