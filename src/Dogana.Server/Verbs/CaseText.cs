using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary>Cases and signals for people.</summary>
internal static class CaseText
{
    public static void Write(CaseRecord item, TextWriter output) => output.WriteLine(
        $"The case {item.Id} about {item.EndCustomer ?? item.Organisation} is {item.State}{(item.NextDueAt is { } due ? $"; next deadline {Instant(due)}" : "")}.");

    public static void Write(SignalRecord item, TextWriter output)
    {
        output.WriteLine($"{item.Id} {item.Signature} {item.Version} ({item.Strength}, {item.State}, {item.Source}) about {item.EndCustomer ?? item.Organisation}");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {item.Requests} of {item.OfRequests} requests, {item.DistinctItems} distinct items, {item.FirstAt:u} to {item.LastAt:u}"));
        output.WriteLine($"  {item.Statement}");
        output.WriteLine($"  innocent: {item.Innocent}");
        if (item.Linked.Count > 0)
        {
            output.WriteLine($"  linked: {string.Join(", ", item.Linked)}{(item.LinkingFact is { } fact ? $" ({fact})" : "")}");
        }
    }

    public static void Write(CaseDetail item, TextWriter output)
    {
        Write(item.Case, output);
        foreach (var signal in item.Signals)
        {
            Write(signal, output);
        }

        foreach (var question in item.Questions)
        {
            output.WriteLine($"asked {Instant(question.AskedAt)}: {(question.Uses is { } uses ? $"{string.Join(", ", uses)}: {question.Answer}" : "no answer")}");
        }

        if (item.Interim is { } interim)
        {
            output.WriteLine($"interim {interim.Kind} (measure {interim.Measure}){(interim.Until is { } until ? $" until {Instant(until)}" : "")}{(interim.Urgency is { } ground ? $": {ground}" : "")}");
        }

        Write("notice", item.Statement, output);
        Write($"proposed {item.Proposal?.Outcome}", item.Proposal?.Statement, output);
        Write($"decided {item.Decision?.Outcome}", item.Decision?.Statement, output);
        if (item.EvidenceHash is { } hash)
        {
            output.WriteLine($"evidence frozen, SHA-256 {hash}");
        }

        WriteEvents(item, output);
    }

    public static void WriteEvents(CaseDetail item, TextWriter output)
    {
        var table = new TextTable("no>", "when", "what", "who", "text");
        foreach (var happened in item.Events)
        {
            table.Add(happened.Sequence.ToString(CultureInfo.InvariantCulture), Instant(happened.At), happened.Kind, happened.By, happened.Text.ReplaceLineEndings(" "));
        }

        table.Write(output);
    }

    public static string Instant(DateTimeOffset at) => at.ToString("u", CultureInfo.InvariantCulture);

    private static void Write(string what, StatementRecord? item, TextWriter output)
    {
        if (item is not null)
        {
            output.WriteLine($"{what}: {item.Facts.ReplaceLineEndings(" ")} ({item.Terms}, {item.Clause}){(item.RedressBy is { } by ? $"; redress until {Instant(by)}" : "")}");
        }
    }
}
