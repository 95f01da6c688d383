using System.Text.Json.Serialization;
using Dogana.Client;

namespace Dogana.Server.Demo;

/// <summary>Everything that the demo showed, as one document.</summary>
internal sealed record DemoReport(
    IReadOnlyList<DemoAnswer> Answers, IReadOnlyList<UsageLine> Usage, IReadOnlyList<RatedLineRecord> Lines, IReadOnlyList<InvoiceDocument> Invoices,
    IReadOnlyList<StatementDocument> Statements, DemoLedger Ledger, IReadOnlyList<DemoRefusal> Refusals);

/// <summary>A call and what came back.</summary>
internal sealed record DemoAnswer(
    string Id, string Project, string Channel, string Endpoint, string Model, bool Streamed, string Prompt, string Answer, long PromptTokens, long CompletionTokens, int? Dimensions);

/// <summary>Whether the books verify.</summary>
internal sealed record DemoLedger(bool Verified, long Entries, string Head);

/// <summary>A call that was refused.</summary>
internal sealed record DemoRefusal(string Project, string Channel, int Status, string? Code, string Message);

/// <summary>What <c>--serve</c> gives to whoever wants to try.</summary>
internal sealed record DemoAddress(string Url, string Key, [property: JsonPropertyName("adminKey")] string AdminKey);
