using System.Globalization;
using Dogana.Server.Verbs;

namespace Dogana.Server.Demo;

/// <summary>The demo for people: readable and short.</summary>
internal static class DemoText
{
    public static void Write(DemoReport report, TextWriter output)
    {
        Heading(output, "Calls", "two customers, two channels, one model owner");
        foreach (var answer in report.Answers)
        {
            var how = answer.Streamed ? "streamed" : answer.Endpoint == "embeddings" ? "embedding" : "chat";
            output.WriteLine($"  {answer.Project} ({answer.Channel}, {how})  > {answer.Prompt}");
            output.WriteLine($"    {answer.Answer.ReplaceLineEndings(" ")}");
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {answer.PromptTokens} prompt tokens, {answer.CompletionTokens} generated{(answer.Dimensions is { } size ? $", {size} dimensions" : "")}"));
        }

        Heading(output, "Usage", "one record for each call");
        AdminTables.WriteUsage(report.Usage, output, "  ");
        Heading(output, "Rated lines", "quantity × price ÷ per, exact");
        AdminTables.WriteLines(report.Lines, output, "  ");
        foreach (var invoice in report.Invoices)
        {
            Heading(output, $"Invoice {invoice.Number}", $"{invoice.Seller.Name} to {invoice.Customer.Name}, {invoice.Period.Month} in {invoice.Period.TimeZone}");
            var table = new TextTable("model", "meter", "quantity>", "price>", "per>", "exact>", "amount>");
            foreach (var line in invoice.Lines)
            {
                table.Add(
                    line.Model ?? "", line.Meter ?? line.Text ?? line.Kind, line.Quantity?.ToString(CultureInfo.InvariantCulture) ?? "", line.UnitPrice ?? "",
                    line.Per?.ToString(CultureInfo.InvariantCulture) ?? "", line.ExactAmount, line.Amount);
            }

            table.Write(output, "  ");
            output.WriteLine($"  to pay: {invoice.Net} {invoice.Currency}");
        }

        foreach (var statement in report.Statements)
        {
            Heading(output, $"Statement {statement.Number}", $"{statement.Payer.Name} owes {statement.Payee.Name} for {statement.Month}");
            foreach (var leg in statement.Legs)
            {
                foreach (var item in leg.Documents)
                {
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  invoice {item.Number}: {item.Basis} × {leg.Rates[0].BasisPoints / 100m} % = {item.Share} {statement.Currency}"));
                }
            }

            output.WriteLine(
                $"  opening {statement.Opening} + accruals {statement.Accruals} - clawbacks {statement.Clawbacks} - payments {statement.Paid} = closing {statement.Closing} {statement.Currency}");
        }

        Heading(output, "Books", report.Ledger.Verified ? "verified" : "NOT VERIFIED");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {report.Ledger.Entries} ledger entries, balanced and chained; head {report.Ledger.Head}"));
        Heading(output, "Suspension", "northwind suspends the family lumen-group: one standing on every channel");
        foreach (var refusal in report.Refusals)
        {
            output.WriteLine($"  {refusal.Project} ({refusal.Channel}): {refusal.Status} {refusal.Code}");
        }

        output.WriteLine($"    {report.Refusals[0].Message}");
        output.WriteLine("  acme-shop (direct): served as before");
    }

    public static void WriteCommands(DemoAddress address, TextWriter output) => output.WriteLine($$"""

        Serving on {{address.Url}} until Ctrl-C.
          key        {{address.Key}}
          admin key  {{address.AdminKey}}

        Try it:
          curl {{address.Url}}/v1/chat/completions -H "Authorization: Bearer {{address.Key}}" -H "Content-Type: application/json" \
            -d '{"model":"clerk-1","messages":[{"role":"user","content":"What is a ledger?"}]}'

          # C#, package OpenAI
          new OpenAI.Chat.ChatClient("clerk-1", new System.ClientModel.ApiKeyCredential("{{address.Key}}"),
            new OpenAI.OpenAIClientOptions { Endpoint = new Uri("{{address.Url}}/v1") }).CompleteChat("What is a ledger?").Value.Content[0].Text

          # Node, package openai
          OPENAI_API_KEY={{address.Key}} OPENAI_BASE_URL={{address.Url}}/v1 node --input-type=module -e 'import OpenAI from "openai";
            const answer = await new OpenAI().chat.completions.create({model: "clerk-1", messages: [{role: "user", content: "What is a ledger?"}]});
            console.log(answer.choices[0].message.content)'
        """);

    private static void Heading(TextWriter output, string title, string detail)
    {
        output.WriteLine();
        output.WriteLine($"{title}: {detail}");
    }
}
