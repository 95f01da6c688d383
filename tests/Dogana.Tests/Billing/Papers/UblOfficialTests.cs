using System.Diagnostics;
using System.Text.Json;
using Dogana.Billing.Papers;

namespace Dogana.Tests.Billing.Papers;

/// <summary>
/// Our UBL against the rules of EN 16931 as its makers publish them: the Schematron's stylesheet (EUPL), compiled, run by SaxonJS. Neither is part of this repository.
/// </summary>
public sealed class UblOfficialTests
{
    private const string Variable = "DOGANA_EN16931";
    private const ulong Seed = 590_003;

    // A folder with the compiled stylesheet and the npm package saxon-js, as docs/operate/invoices.md says how to make it.
    private static string Folder => Environment.GetEnvironmentVariable(Variable) ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "en16931"));

    // Prints, for each file, the ids of the rules that failed.
    private const string Script = """
        const saxon = require('saxon-js'), fs = require('fs');
        const results = {};
        for (const file of process.argv.slice(1)) {
          const said = saxon.transform({ stylesheetFileName: 'en16931.sef.json', sourceText: fs.readFileSync(file, 'utf8'), destination: 'serialized' }, 'sync').principalResult;
          if (!said.includes('fired-rule')) throw new Error('no rule fired for ' + file);
          results[file] = [...said.matchAll(/<svrl:failed-assert[^>]*?\sid="([^"]+)"/g)].map(match => match[1]);
        }
        console.log(JSON.stringify(results));
        """;

    [Fact]
    public async Task Every_document_keeps_the_rules_as_they_are_published()
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Folder, "en16931.sef.json")), $"The rules of EN 16931 are not in {Folder}; {Variable} may name another folder.");
        var fixedShapes = new[]
        {
            PaperDocuments.Of([PaperDocuments.Usage(1, 33_334_000, 0.15m, 1_000_000), PaperDocuments.Usage(2, 1_000_000, 2m, 1_000_000, percent: "7")]),
            PaperDocuments.Of([TaxTests.Line(1, "-10.00", "S", "19") with { CorrectsLine = 4 }], isInvoice: false),
            PaperDocuments.Of([TaxTests.Line(1, "10.00", "AE", "0")]),
            PaperDocuments.Of([TaxTests.Line(1, "10.00", "O", "0")]),
        };
        // BR-CO-17 takes a rate that rounds to 0 % for none, and so refuses tax at it: no VAT is that low.
        var documents = fixedShapes.Concat(Checked.Sample(PaperDocuments.Random, Seed, 40).Where(static document => document.Taxes.All(static tax => tax.Percent != "0.0001"))).ToArray();

        // One that is broken on purpose comes last: a checker that finds nothing would be no proof.
        var texts = documents.Select(static document => InvoiceUbl.Render(document, new string('a', 64)).Value).ToList();
        texts.Add(texts[0].Replace("<cbc:PayableAmount currencyID=\"EUR\">8", "<cbc:PayableAmount currencyID=\"EUR\">9", StringComparison.Ordinal));
        var broken = await CheckAsync(texts);

        broken[^1].ShouldBe(["BR-CO-16"]);
        for (var index = 0; index < documents.Length; index++)
        {
            broken[index].ShouldBeEmpty($"seed {Seed}: {texts[index]}");
        }
    }

    private static async Task<IReadOnlyList<IReadOnlyList<string>>> CheckAsync(IReadOnlyList<string> texts)
    {
        var folder = Directory.CreateTempSubdirectory("dogana-ubl-").FullName;
        try
        {
            var files = texts.Select((_, index) => Path.Combine(folder, FormattableString.Invariant($"{index}.xml"))).ToArray();
            foreach (var (file, text) in files.Zip(texts))
            {
                await File.WriteAllTextAsync(file, text);
            }

            using var process = Process.Start(new ProcessStartInfo("node", ["-e", Script, .. files]) { WorkingDirectory = Folder, RedirectStandardOutput = true, UseShellExecute = false })!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(0);
            var results = JsonSerializer.Deserialize<Dictionary<string, string[]>>(output)!;
            return [.. files.Select(file => results[file])];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
