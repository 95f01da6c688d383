using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>What all reports can be asked about.</summary>
internal sealed class InsightOptions
{
    private readonly Option<string?> _seller = new("--seller") { Description = "Whose documents; all channels' sellers when left out." };
    private readonly Option<string?> _channel = new("--channel") { Description = "Only this channel." };
    private readonly Option<string?> _owner = new("--owner") { Description = "Only this owner's models." };
    private readonly Option<string?> _model = new("--model") { Description = "Only this model." };
    private readonly Option<string?> _through = new("--through") { Description = "The last month, as 2026-01; the last closed one when left out." };
    private readonly Option<int?> _months = new("--months") { Description = "How many months, 1 to 120." };
    private readonly Option<string?> _basis = new("--basis") { Description = "invoiced: by the month of the documents (when left out), or service: by the month of use." };
    private readonly Option<string?> _currency = new("--currency") { Description = "In which currency; the only one there is when left out." };
    private readonly Option<string?> _rates = new("--rates") { Description = "month_end (when left out), or an instant whose exchange rates count for all months." };

    /// <summary>CSV instead of a table.</summary>
    public Option<bool> Csv { get; } = new("--csv") { Description = "The first table as CSV." };

    /// <summary>The options of what is printed.</summary>
    public IReadOnlyList<Symbol> All => [.. About, Csv];

    /// <summary>The options of what a report is about.</summary>
    public IReadOnlyList<Symbol> About => [_seller, _channel, _owner, _model, _through, _months, _basis, _currency, _rates];

    /// <summary>What was asked.</summary>
    public InsightFilter Read(ParseResult parsed) => new(
        parsed.GetValue(_seller), parsed.GetValue(_channel), parsed.GetValue(_owner), parsed.GetValue(_model), parsed.GetValue(_through), parsed.GetValue(_months), parsed.GetValue(_basis),
        parsed.GetValue(_currency), parsed.GetValue(_rates));
}
