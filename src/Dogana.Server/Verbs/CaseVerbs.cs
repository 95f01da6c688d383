using System.CommandLine;
using Dogana.Client;

namespace Dogana.Server.Verbs;

/// <summary><c>dogana case</c>: from a signal to the end of an appeal.</summary>
internal static class CaseVerbs
{
    public static Command Create() => AdminVerb.Noun(
        "case", "Cases about the use of models: looked into, told, answered, decided by two people, appealed to a third.",
        List(), Show(), Timeline(), Page(), Verify(), Triage(),
        Reasoned("open", "Looks into a case: evidence is gathered.", "Too many to be chance."), Reasoned("dismiss", "Dismisses a case.", "A permitted evaluation."), Throttle(), Told("hold"), Told("notice"),
        Answer(), Extend(), Reasoned("withdraw", "Takes the notice back and closes the case.", "It was another customer."), Propose(), Plain("approve", "Approves what another person proposed.", "DOGANA_OPERATOR=berta "),
        Reasoned("reject", "Rejects what is proposed.", "Too hard."), Appeal(), DecideAppeal(), Reasoned("lift", "Takes back what was decided: what was before holds again.", "The data was removed."),
        Plain("close", "Closes a case that is reinstated or upheld.", ""));

    private static Command List()
    {
        var (state, after, limit) = (new Option<string?>("--state") { Description = "Only those in this state, such as triage or appealed." }, PageOptions.After(), PageOptions.Limit());
        return AdminVerb.Create(
            "list", "Lists cases.\n\nExample:\n  dogana case list --state triage", [state, limit, after],
            (client, parsed, cancellation) => client.ListCasesAsync(parsed.GetValue(state), parsed.GetValue(after), parsed.GetValue(limit), cancellation),
            static (page, output) =>
            {
                var table = new TextTable("id", "organisation", "owner", "state", "since", "next", "outcome", "measure");
                foreach (var item in page.Data)
                {
                    table.Add(
                        item.Id, item.EndCustomer ?? item.Organisation, item.Owner, item.State, PageOptions.Day(item.CreatedAt), PageOptions.Day(item.NextDueAt), item.Outcome ?? "-", item.Measure ?? "-");
                }

                table.Write(output);
                PageOptions.WriteNext(page.Next, output);
            });
    }

    private static Command Show()
    {
        var id = Id();
        return AdminVerb.Create("show", "Shows a case with all that belongs to it.\n\nExample:\n  dogana case show ID", [id], (client, parsed, cancellation) => client.GetCaseAsync(parsed.GetValue(id)!, cancellation), CaseText.Write);
    }

    private static Command Timeline()
    {
        var id = Id();
        return AdminVerb.Create(
            "timeline", "Shows what happened in a case.\n\nExample:\n  dogana case timeline ID", [id], (client, parsed, cancellation) => client.GetCaseAsync(parsed.GetValue(id)!, cancellation), CaseText.WriteEvents);
    }

    private static Command Page()
    {
        var id = Id();
        var file = new Option<string>("--out") { Description = "The file to write.", Required = true };
        var customer = new Option<bool>("--customer") { Description = "As the customer reads it." };
        return AdminVerb.Create(
            "page", "Writes the evidence page of a case: one HTML file that needs nothing else.\n\nExample:\n  dogana case page ID --out case.html", [id, file, customer],
            async (client, parsed, cancellation) =>
            {
                await File.WriteAllTextAsync(parsed.GetValue(file)!, await client.GetCasePageAsync(parsed.GetValue(id)!, parsed.GetValue(customer), cancellation), cancellation);
                return new { File = parsed.GetValue(file)! };
            },
            static (written, output) => output.WriteLine($"Written to {written.File}."));
    }

    private static Command Verify()
    {
        var id = Id();
        return AdminVerb.Create(
            "verify", "Hashes the evidence of a case again. Exit 1 when it is not what was frozen.\n\nExample:\n  dogana case verify ID", [id],
            (client, parsed, cancellation) => client.VerifyCaseAsync(parsed.GetValue(id)!, cancellation),
            static (check, output) => output.WriteLine($"{check.Words}{(check.Hash is { } hash ? $" SHA-256 {hash}" : "")}"));
    }

    private static Command Triage()
    {
        var (signal, reason) = (new Argument<string>("signal") { Description = "The signal's id." }, Required("--reason", "Why."));
        return AdminVerb.Create(
            "triage", "Puts a signal into a case by hand.\n\nExample:\n  dogana case triage SIGNAL --reason \"Asked twice.\"", [signal, reason],
            (client, parsed, cancellation) => client.TriageAsync(new TriageRequest(parsed.GetValue(signal)!, parsed.GetValue(reason)!), cancellation), CaseText.Write);
    }

    private static Command Throttle()
    {
        var (rate, hours, reason) = (new Option<long>("--requests-per-minute") { Description = "At least 1.", Required = true }, new Option<int>("--hours") { Description = "For so many hours.", Required = true }, Required("--reason", "For the customer."));
        return Step("throttle", "Slows calls down for some hours while the case is looked into.", "--requests-per-minute 5 --hours 24 --reason \"While we look.\"", [rate, hours, reason],
            parsed => new ThrottleCaseRequest(parsed.GetValue(rate), parsed.GetValue(hours), parsed.GetValue(reason)!));
    }

    private static Command Told(string verb)
    {
        var (facts, terms, clause, models, channels) = Statement();
        var urgency = Required("--urgency", "Why it cannot wait; on record.");
        Symbol[] options = verb == "hold" ? [urgency, facts, terms, clause, models, channels] : [facts, terms, clause, models, channels];
        return Step(
            verb, verb == "hold" ? "Suspends at once, by one person with a recorded ground, and tells the customer." : "Freezes the evidence and tells the customer, who has time to answer and to put things right.",
            (verb == "hold" ? "--urgency \"It is going on now.\" " : "") + "--terms use@2026-01 --clause 4.2 --facts \"420 of 500 requests had answers compared.\"", options,
            parsed => new CaseNoticeRequest(
                parsed.GetValue(facts)!, parsed.GetValue(terms)!, parsed.GetValue(clause)!, Given(parsed, models), Given(parsed, channels), verb == "hold" ? parsed.GetValue(urgency) : null));
    }

    private static Command Answer()
    {
        var text = Required("--text", "In words.");
        var channel = new Option<string?>("--channel") { Description = "A seller answers for its channel." };
        var decision = new Option<string?>("--decision") { Description = "adopt or decline: what the seller would do about a measure." };
        return Step("answer", "Keeps what the customer says, or what the seller of a channel says.", "--text \"We evaluate a search engine.\"", [text, channel, decision],
            parsed => new CaseAnswerRequest(parsed.GetValue(text)!, parsed.GetValue(channel), parsed.GetValue(decision)));
    }

    private static Command Extend()
    {
        var (until, reason) = (new Option<DateTimeOffset>("--until") { Description = "Until when: an instant in UTC.", Required = true }, Required("--reason", "Why."));
        return Step("extend", "Gives the customer more time.", "--until 2027-02-28T00:00:00Z --reason \"They asked.\"", [until, reason], parsed => new ExtendCaseRequest(parsed.GetValue(until), parsed.GetValue(reason)!));
    }

    private static Command Propose()
    {
        var outcome = Required("--outcome", "no_action, warning, limited, suspended or terminated.");
        outcome.AcceptOnlyFromAmong("no_action", "warning", "limited", "suspended", "terminated");
        var (facts, terms, clause, models, channels) = Statement();
        var until = new Option<DateTimeOffset?>("--until") { Description = "When it ends by itself; until it is lifted when left out." };
        var (requests, tokens) = (new Option<long?>("--requests-per-minute") { Description = "For limited." }, new Option<long?>("--tokens-per-day") { Description = "For limited." });
        return Step("propose", "Proposes a decision, which another person approves.", "--outcome suspended --terms use@2026-01 --clause 4.2 --facts \"It went on after the notice.\"",
            [outcome, facts, terms, clause, models, channels, until, requests, tokens],
            parsed => new ProposeDecisionRequest(
                parsed.GetValue(outcome)!, parsed.GetValue(facts)!, parsed.GetValue(terms)!, parsed.GetValue(clause)!, Given(parsed, models), Given(parsed, channels), parsed.GetValue(until),
                parsed.GetValue(requests), parsed.GetValue(tokens)));
    }

    private static Command Appeal()
    {
        var text = Required("--text", "In words.");
        return Step("appeal", "Appeals against the decision.", "--text \"The outputs were never used for training.\"", [text], parsed => new AppealCaseRequest(parsed.GetValue(text)!));
    }

    private static Command DecideAppeal()
    {
        var (grant, uphold, reason) = (new Option<bool>("--grant") { Description = "Take the decision back." }, new Option<bool>("--uphold") { Description = "Let it stand." }, Required("--reason", "Why."));
        var command = Step("decide-appeal", "Decides an appeal; neither who proposed nor who approved.", "--grant --reason \"The logs bear them out.\"", [grant, uphold, reason],
            parsed => new DecideAppealRequest(parsed.GetValue(grant) ? "grant" : "uphold", parsed.GetValue(reason)!));
        command.Validators.Add(result =>
        {
            if (result.GetValue(grant) == result.GetValue(uphold))
            {
                result.AddError("Give --grant or --uphold.");
            }
        });
        return command;
    }

    private static Command Reasoned(string verb, string description, string example)
    {
        var reason = Required("--reason", "Why.");
        return Step(verb, description, $"--reason \"{example}\"", [reason], parsed => new CaseReasonRequest(parsed.GetValue(reason)!));
    }

    private static Command Plain(string verb, string description, string before)
    {
        var id = Id();
        return AdminVerb.Create(
            verb, $"{description}\n\nExample:\n  {before}dogana case {verb} ID", [id], (client, parsed, cancellation) => client.DoCaseAsync(parsed.GetValue(id)!, verb, null, cancellation), CaseText.Write);
    }

    private static Command Step(string verb, string description, string example, IReadOnlyList<Symbol> options, Func<ParseResult, object> request)
    {
        var id = Id();
        return AdminVerb.Create(
            verb, $"{description}\n\nExample:\n  dogana case {verb} ID {example}", [id, .. options],
            (client, parsed, cancellation) => client.DoCaseAsync(parsed.GetValue(id)!, verb, request(parsed), cancellation), CaseText.Write);
    }

    private static (Option<string> Facts, Option<string> Terms, Option<string> Clause, Option<string[]> Models, Option<string[]> Channels) Statement() =>
    (
        Required("--facts", "What is held against the customer."), Required("--terms", "The ground: TERMS@VERSION."), Required("--clause", "The clause."),
        new Option<string[]>("--model") { Description = "A model id; may be given several times; all when left out." },
        new Option<string[]>("--channel") { Description = "A channel id; may be given several times; all when left out." });

    private static Argument<string> Id() => new("id") { Description = "The case's id." };

    private static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };

    private static string[]? Given(ParseResult parsed, Option<string[]> option) => parsed.GetValue(option) is { Length: > 0 } given ? given : null;
}
