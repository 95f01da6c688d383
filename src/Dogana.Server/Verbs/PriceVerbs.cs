using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana price</c>: price books, and by which price something is charged.</summary>
internal static class PriceVerbs
{
    public static Command Create() => AdminVerb.Noun("price", "Price books, and by which price something is charged.", List(), Show(), Export(), Import(), Explain());

    private static Command List()
    {
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "list", "Lists the price books.\n\nExample:\n  dogana price list", [limit, after],
            (client, parsed, cancellation) => client.ListPriceBooksAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("book", "name", "currency", "kind", "versions from");
                foreach (var item in page.Data)
                {
                    table.Add(item.Id, item.Name, item.Currency, item.Kind, string.Join(", ", item.Versions.Select(static version => PageOptions.Day(version))));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var book = new Argument<string>("book") { Description = "The book's id." };
        var model = new Option<string?>("--model") { Description = "Of one model." };
        var at = new Option<DateTimeOffset?>("--at") { Description = "In force at an instant; all versions when left out." };
        var (limit, after) = (PageOptions.Limit(), PageOptions.After());
        return AdminVerb.Create(
            "show", "Lists the prices of a book.\n\nExample:\n  dogana price show list-usd --at 2026-07-01T00:00:00Z", [book, model, at, limit, after],
            (client, parsed, cancellation) => client.ListPricesAsync(
                parsed.GetValue(book), parsed.GetValue(model), parsed.GetValue(at), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("from", "to", "model", "meter", "price", "amount>", "per>", "currency", "tiers");
                foreach (var item in page.Data)
                {
                    table.Add(
                        PageOptions.Day(item.EffectiveFrom), PageOptions.Day(item.EffectiveTo), item.Model, item.Meter, item.Key, item.Amount ?? "-", Text(item.Per), item.Currency,
                        item.Tiers.Count == 0 ? "-" : string.Join("; ", item.Tiers.Select(static tier => $"{Band(tier.UpTo)} {tier.Amount}{(tier.Flat == "0" ? "" : " + " + tier.Flat)}")));
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Export()
    {
        var book = new Option<string>("--book") { Description = "The book's id.", Required = true };
        var format = new Option<string>("--format") { Description = "csv or yaml.", DefaultValueFactory = static _ => "csv" };
        format.AcceptOnlyFromAmong("csv", "yaml");
        return AdminVerb.Create(
            "export", "Prints a book with all its versions as a file that 'dogana price import' reads.\n\nExample:\n  dogana price export --book list-usd --format csv > list-usd.csv", [book, format],
            (client, parsed, cancellation) => client.ExportPricesAsync(parsed.GetValue(book)!, parsed.GetValue(format)!, cancellation),
            static (file, output) => output.Write(file.Text));
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = "A CSV file, or a world file (.yaml, .yml)." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Say what would change, and change nothing." };
        return AdminVerb.Create(
            "import", "Publishes price books and versions from a file: all of it or nothing; again changes nothing. What is published never changes.\n\nExample:\n  dogana price import list-usd.csv --dry-run",
            [file, dryRun],
            async (client, parsed, cancellation) =>
            {
                var source = parsed.GetValue(file)!;
                if (!source.Exists)
                {
                    throw new DoganaException(404, "not_found", $"There is no file {source.FullName}.", "");
                }

                var text = await File.ReadAllTextAsync(source.FullName, cancellation);
                return source.Extension is ".yaml" or ".yml"
                    ? await client.ApplyAsync(text, source.Name, parsed.GetValue(dryRun), cancellation)
                    : await client.ImportPricesAsync(new PriceImportRequest(text, parsed.GetValue(dryRun)), cancellation);
            },
            static (result, output) =>
            {
                var made = result.Changes.Where(static change => change.Kind != "unchanged").ToArray();
                foreach (var change in made)
                {
                    output.WriteLine($"{change.Kind,-8} {change.Type} {change.Id}");
                }

                output.WriteLine(made.Length == 0 ? "Nothing to change." : result.DryRun ? $"{made.Length} changes would be made." : $"{made.Length} changes made.");
            });
    }

    private static Command Explain()
    {
        var organisation = new Option<string>("--organisation") { Description = "Who buys.", Required = true };
        var channel = new Option<string>("--channel") { Description = "On which channel.", Required = true };
        var model = new Option<string>("--model") { Description = "The model.", Required = true };
        var meter = new Option<string>("--meter") { Description = "What is counted, such as output_tokens.", Required = true };
        var quantity = new Option<long>("--quantity") { Description = "How many units in the billing period.", Required = true };
        var at = new Option<DateTimeOffset?>("--at") { Description = "When, such as 2027-01-01T00:00:00Z; now when left out." };
        var tier = new Option<string?>("--tier") { Description = "The tier that serves the calls: standard, batch or priority." };
        var prompt = new Option<long?>("--prompt") { Description = "How many tokens the prompt of a call has." };
        return AdminVerb.Create(
            "explain",
            "Says by which contract, book, version and price a quantity is charged, and what each part of it costs.\n\n"
            + "Example:\n  dogana price explain --organisation acme-retail --channel direct --model clerk-1 --meter output_tokens --quantity 15000",
            [organisation, channel, model, meter, quantity, at, tier, prompt],
            (client, parsed, cancellation) => client.ExplainPriceAsync(
                parsed.GetValue(organisation)!, parsed.GetValue(channel)!, parsed.GetValue(model)!, parsed.GetValue(meter)!, parsed.GetValue(quantity), parsed.GetValue(at), parsed.GetValue(tier),
                parsed.GetValue(prompt), cancellation),
            static (told, output) =>
            {
                var price = told.Price;
                output.WriteLine(
                    $"{told.Organisation} on {told.Channel}: contract {told.Contract}, book {price.Book}, version from {InstantText.Format(price.EffectiveFrom)}, price '{price.Key}' of {price.Meter} for {price.Model}.");
                var table = new TextTable("units", "quantity>", "amount>", "per>", "flat>", "cost>");
                foreach (var part in told.Parts)
                {
                    table.Add(part.UpTo is { } end ? $"up to {Text(end)}" : told.Parts.Count > 1 ? "beyond" : "all", Text(part.Quantity), part.Amount, Text(price.Per), part.Flat, part.Cost);
                }

                table.Write(output);
                output.WriteLine($"{Text(told.Quantity)} {told.Meter} cost {told.Amount} {price.Currency}.");
            });
    }

    private static string Band(long? upTo) => upTo is { } end ? $"up to {Text(end)}:" : "beyond:";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
