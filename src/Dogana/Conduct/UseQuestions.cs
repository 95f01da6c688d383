using System.Text.Json;
using Dogana.Audit;
using Dogana.Client;
using Dogana.Conduct.Cases;
using Dogana.Notices;
using Dogana.Parties;
using Dogana.Storage;
using Dogana.Terms;

namespace Dogana.Conduct;

/// <summary>Questions to customers: what do they use models for? They come before any case; without an answer in time an officer looks.</summary>
public static class UseQuestions
{
    /// <summary>A question by its id.</summary>
    public static async Task<Outcome<UseQuestion>> FindAsync(StoreSession session, string id) =>
        await SignalRows.FindQuestionAsync(session, id) is { } question ? question : new Problem(ProblemCode.NotFound, $"No question has the id '{id}'.", "id");

    /// <summary>Questions by id.</summary>
    public static Task<IReadOnlyList<UseQuestion>> ListAsync(StoreSession session, string after, int limit) => SignalRows.ListQuestionsAsync(session, after, limit);

    /// <summary>The questions to an account.</summary>
    public static Task<IReadOnlyList<UseQuestion>> OfAsync(StoreSession session, ConductAccount account) => SignalRows.QuestionsOfAsync(session, account);

    /// <summary>Keeps the customer's answer; once.</summary>
    public static async Task<Outcome<UseQuestion>> AnswerAsync(StoreSession session, string id, IReadOnlyList<string> uses, string text, string actor, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(uses);
        now = Measures.Stored(now);
        if (!(await FindAsync(session, id)).TryGet(out var question, out var problem))
        {
            return problem;
        }

        if (question.AnsweredAt is not null)
        {
            return new Problem(ProblemCode.CaseStateRefused, $"The question '{id}' was answered at {question.AnsweredAt:u}. What else there is to say, say in the case, if one comes.");
        }

        if (uses.Count == 0 || uses.FirstOrDefault(static use => !UseWords.All.Contains(use, StringComparer.Ordinal)) is not null)
        {
            return new Problem(ProblemCode.InvalidRequest, $"Name one or more uses of {string.Join(", ", UseWords.All)}.", "uses");
        }

        if (CaseRules.CheckText(text, "text") is { } wrong)
        {
            return wrong;
        }

        var answered = question with { Uses = [.. uses.Distinct(StringComparer.Ordinal)], Answer = text, AnsweredBy = actor, AnsweredAt = now };
        await SignalRows.WriteAsync(session, answered);
        await AuditLog.WriteAsync(session, now, actor, "question.answer", id, string.Join(", ", answered.Uses));
        await PostAsync(session, answered, question.Account.Owner, "case.question_answered", $"{question.Account.Party} answered", $"'{question.Account.Party}' says: {string.Join(", ", answered.Uses)}. {text}", now);
        return answered;
    }

    internal static async Task AskAsync(StoreSession session, ConductSignal signal, ConductSettings settings, PartyTable parties, DateTimeOffset now)
    {
        var account = signal.Finding.Account;
        var question = new UseQuestion(Guid.CreateVersion7(now).ToString(), signal.Id, account, now, now.AddDays(settings.QuestionDays));
        await SignalRows.WriteAsync(session, question);
        await AuditLog.WriteAsync(session, now, CaseActor.Automation.Name, "question.ask", question.Id, $"{account.Party} from {account.Owner}");
        if (parties.Organisations.ContainsKey(account.Party))
        {
            await PostAsync(
                session, question, account.Party, "case.question", $"What do you use the models of {parties.Organisations[account.Owner].Name} for?",
                $"{new Redaction(account, [signal]).Of(signal.Finding.Statement)}\nTell what you use the models for until {question.DueAt:u}: dogana question answer {question.Id}, or POST /admin/v1/questions/{question.Id}/answer. "
                + $"Uses are {string.Join(", ", UseWords.All)}.", now);
        }
    }

    internal static async Task<int> RunDueAsync(StoreSession session, DateTimeOffset now, int limit)
    {
        var due = await SignalRows.QuestionsDueAsync(session, now, limit);
        foreach (var question in due)
        {
            await SignalRows.WriteAsync(session, question with { OverdueAt = now });
            if (await SignalRows.FindAsync(session, question.Signal) is { State: SignalState.Asked } signal)
            {
                await ConductSignals.AddToCaseAsync(
                    session, signal, "the question what it is for was not answered in time", CaseActor.Automation, await ConductSettings.ReadAsync(session, question.Account.Owner),
                    await PartyRegister.ReadAsync(session), now);
            }
        }

        return due.Count;
    }

    private static Task<int> PostAsync(StoreSession session, UseQuestion question, string organisation, string topic, string subject, string body, DateTimeOffset now) => NoticeOutbox.PostAsync(
        session,
        [new Notice(topic, organisation, subject, body, JsonSerializer.Serialize(new { Question = question.Id, question.Account.Owner, Organisation = question.Account.Party, question.DueAt }, DoganaJson.Options), $"{topic}/{question.Id}/{organisation}")],
        now);
}
