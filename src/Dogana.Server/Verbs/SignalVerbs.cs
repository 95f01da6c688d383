using System.CommandLine;
using System.Globalization;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana signal</c> and <c>dogana question</c>: what was found, and what customers say of it.</summary>
internal static class SignalVerbs
{
    public static Command Create() => AdminVerb.Noun("signal", "What detectors and people found in the use of models.", List(), Show(), Report(), Dismiss());

    public static Command CreateQuestion() => AdminVerb.Noun("question", "What customers are asked about their use of models.", ListQuestions(), Answer());

    private static Command List()
    {
        var (state, after, limit) = (new Option<string?>("--state") { Description = "Only those that are observed, asked, in_case or dismissed." }, PageOptions.After(), PageOptions.Limit());
        return AdminVerb.Create(
            "list", "Lists signals.\n\nExample:\n  dogana signal list --state asked", [state, limit, after],
            (client, parsed, cancellation) => client.ListSignalsAsync(parsed.GetValue(state), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "organisation", "owner", "signature", "strength", "requests>", "of>", "items>", "state", "case");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Id, item.EndCustomer ?? item.Organisation, item.Owner, $"{item.Signature} {item.Version}", item.Strength, Text(item.Requests), Text(item.OfRequests), Text(item.DistinctItems),
                        item.State, item.Case ?? "-");
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var id = Id("The signal's id.");
        return AdminVerb.Create(
            "show", "Shows a signal.\n\nExample:\n  dogana signal show ID", [id], (client, parsed, cancellation) => client.GetSignalAsync(parsed.GetValue(id)!, cancellation), CaseText.Write);
    }

    private static Command Report()
    {
        var organisation = new Argument<string>("organisation") { Description = "The organisation that buys." };
        var owner = Required("--owner", "The model owner.");
        var detector = Required("--detector", "The kind of conduct, such as judge_template or benchmark_overlap.");
        var signature = Required("--signature", "A name for what was met.");
        var version = new Option<string>("--signature-version") { Description = "Its version.", DefaultValueFactory = static _ => "1" };
        var strength = new Option<string>("--strength") { Description = "weak: the customer is asked first. strong: an officer looks.", DefaultValueFactory = static _ => "strong" };
        strength.AcceptOnlyFromAmong("weak", "strong");
        var from = new Option<DateTimeOffset>("--from") { Description = "The first call: a date or an instant in UTC.", Required = true };
        var to = new Option<DateTimeOffset>("--to") { Description = "The last one.", Required = true };
        var (requests, of, items) = (Count("--requests", "How many calls met it."), Count("--of", "Of how many."), Count("--items", "How many different things it met."));
        var (statement, innocent) = (Required("--statement", "What was found, in a sentence."), Required("--innocent", "What would explain it innocently."));
        var endCustomer = new Option<string?>("--end-customer") { Description = "For whom a reseller's project called." };
        return AdminVerb.Create(
            "report",
            "Brings a finding from outside, such as a model owner's report. The same one within its window updates the signal that is there.\n\nExample:\n"
            + "  dogana signal report lumen-media --owner northwind --detector judge_template --signature judge.pairwise --from 2026-01-01 --to 2026-01-31 \\\n"
            + "    --requests 420 --of 500 --items 400 --statement \"420 pairwise comparisons of answers.\" --innocent \"An evaluation that the terms permit.\"",
            [organisation, owner, detector, signature, version, strength, from, to, requests, of, items, statement, innocent, endCustomer],
            (client, parsed, cancellation) => client.ReportSignalAsync(
                new ReportSignalRequest(
                    parsed.GetValue(organisation)!, parsed.GetValue(owner)!, parsed.GetValue(detector)!, parsed.GetValue(signature)!, parsed.GetValue(version)!, parsed.GetValue(strength)!,
                    parsed.GetValue(from), parsed.GetValue(to), parsed.GetValue(requests), parsed.GetValue(of), parsed.GetValue(items), parsed.GetValue(statement)!, parsed.GetValue(innocent)!,
                    parsed.GetValue(endCustomer)),
                cancellation),
            static (signal, output) => output.WriteLine($"The signal {signal.Id} is {signal.State}{(signal.Case is { } item ? $" {item}" : "")}."));
    }

    private static Command Dismiss()
    {
        var (id, reason) = (Id("The signal's id."), Required("--reason", "Why."));
        return AdminVerb.Create(
            "dismiss", "Dismisses a signal that is in no case.\n\nExample:\n  dogana signal dismiss ID --reason \"A test of our own.\"", [id, reason],
            (client, parsed, cancellation) => client.DismissSignalAsync(parsed.GetValue(id)!, parsed.GetValue(reason)!, cancellation),
            static (signal, output) => output.WriteLine($"The signal {signal.Id} is {signal.State}."));
    }

    private static Command ListQuestions()
    {
        var (after, limit) = (PageOptions.After(), PageOptions.Limit());
        return AdminVerb.Create(
            "list", "Lists questions and answers.\n\nExample:\n  dogana question list", [limit, after],
            (client, parsed, cancellation) => client.ListQuestionsAsync(parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "organisation", "owner", "due", "uses", "answer");
                foreach (var item in page.Data)
                {
                    table.Add(item.Id, item.EndCustomer ?? item.Organisation, item.Owner, PageOptions.Day(item.DueAt), item.Uses is { } uses ? string.Join(' ', uses) : "-", item.Answer?.ReplaceLineEndings(" ") ?? "-");
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Answer()
    {
        var (id, text) = (Id("The question's id."), Required("--text", "In words."));
        var uses = new Option<string[]>("--use") { Description = "One of the words for uses; may be given several times.", Required = true };
        return AdminVerb.Create(
            "answer", "Says what models are used for.\n\nExample:\n  dogana question answer ID --use classification --text \"We sort tickets of our support.\"", [id, uses, text],
            (client, parsed, cancellation) => client.AnswerQuestionAsync(parsed.GetValue(id)!, new AnswerQuestionRequest(parsed.GetValue(uses)!, parsed.GetValue(text)!), cancellation),
            static (question, output) => output.WriteLine($"The answer to {question.Id} is kept."));
    }

    private static Argument<string> Id(string description) => new("id") { Description = description };

    private static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };

    private static Option<long> Count(string name, string description) => new(name) { Description = description, Required = true };

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
