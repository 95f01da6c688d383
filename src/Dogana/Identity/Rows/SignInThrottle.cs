using Dogana.Identity.Secrets;
using Dogana.Storage;

namespace Dogana.Identity.Rows;

/// <summary>
/// Attempts to sign in that failed, by e-mail address and by network address, as hashes: beyond a number of them in 15 minutes the next has to wait, longer each
/// time. An attempt counts as failed until it has succeeded, so that a hundred at once are not one.
/// </summary>
internal static class SignInThrottle
{
    public const int EmailFailures = 5;
    public const int AddressFailures = 50;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(10);

    /// <summary>Begins an attempt, or says how long it must wait.</summary>
    public static async Task<Outcome<string>> BeginAsync(StoreSession session, string email, string address, DateTimeOffset now)
    {
        await session.ExecuteAsync("delete from sign_in_failure where at <= @before", new { before = (now - Window).ToMicros() });
        (string Subject, int Free)[] subjects = [(EmailSubject(email), EmailFailures), (SecretText.Hash("address:" + address), AddressFailures)];
        foreach (var (subject, free) in subjects)
        {
            var failed = (await session.FindAsync<Failed>(
                "select count(*) as Count, coalesce(max(at), 0) as Last from sign_in_failure where subject = @subject", new { subject }))!;
            if (failed.Count >= free && StoredTime.FromMicros(failed.Last) + WaitAfter((int)failed.Count - free) - now is { Ticks: > 0 } wait)
            {
                return new Problem(ProblemCode.TooManyAttempts, "Too many attempts to sign in have failed. Wait, or have the user reset: dogana user reset EMAIL.") { RetryAfter = wait };
            }
        }

        var attempt = Guid.CreateVersion7(now).ToString();
        await session.ExecuteAsync(
            "insert into sign_in_failure(id, subject, at) values(@Id, @Subject, @At)",
            subjects.Select((subject, index) => new { Id = $"{attempt}/{index}", subject.Subject, At = now.ToMicros() }));
        return attempt;
    }

    /// <summary>The attempt did not fail; that counts for the address's other attempts too only when somebody was let in.</summary>
    public static async Task EndAsync(StoreSession session, string attempt, string email, bool isIn)
    {
        await session.ExecuteAsync("delete from sign_in_failure where id = @first or id = @second", new { first = attempt + "/0", second = attempt + "/1" });
        if (isIn)
        {
            await session.ExecuteAsync("delete from sign_in_failure where subject = @subject", new { subject = EmailSubject(email) });
        }
    }

    private static string EmailSubject(string email) => SecretText.Hash("email:" + email);

    // 10 s, 20 s, 40 s … 15 min.
    private static TimeSpan WaitAfter(int beyond)
    {
        var wait = FirstWait * (1 << Math.Min(beyond, 10));
        return wait < Window ? wait : Window;
    }

    private sealed record Failed(long Count, long Last);
}
