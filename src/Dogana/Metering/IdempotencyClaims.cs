using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dogana.Storage;

namespace Dogana.Metering;

/// <summary>A claim to a project's <c>Idempotency-Key</c>, made for one call.</summary>
/// <param name="Project">The project.</param>
/// <param name="KeyHash">SHA-256 of the key: what a caller writes into it is not kept.</param>
/// <param name="RequestHash">SHA-256 of the request: a key stands for one request.</param>
/// <param name="Call">The call's id.</param>
public sealed record IdempotencyClaim(string Project, string KeyHash, string RequestHash, string Call)
{
    /// <summary>The claim of a call to a key.</summary>
    public static IdempotencyClaim Of(string project, string key, string path, ReadOnlySpan<byte> body, string call)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(path + "\n"));
        hash.AppendData(body);
        return new IdempotencyClaim(
            project, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))), Convert.ToHexStringLower(hash.GetHashAndReset()), call);
    }
}

/// <summary>The call that has a key already.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsRunning">Has it not ended yet?</param>
/// <param name="IsSameRequest">Did it ask for the same?</param>
/// <param name="Answer">Its answer, where it is kept.</param>
public sealed record EarlierCall(string Id, bool IsRunning, bool IsSameRequest, KeptAnswer? Answer);

/// <summary>An answer as it is kept.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="ContentType">Content type.</param>
/// <param name="Encrypted">The body, encrypted.</param>
public sealed record KeptAnswer(int Status, string ContentType, byte[] Encrypted);

/// <summary>
/// Which calls of a project have an <c>Idempotency-Key</c>: one row for each key, taken before the call is opened, so that of any number of repeats on any
/// number of nodes one is served and charged. Thread-safe.
/// </summary>
/// <remarks>
/// <para>
/// A claim is taken (running) → the call is opened in the journal → closed there, on disk → the claim is completed when the call may be charged, and released
/// when it is not. Then the last byte leaves. What a crash does between any two of these:
/// </para>
/// <list type="bullet">
/// <item>taken, not opened: nothing was sent. The next start finds no usage record, and releases.</item>
/// <item>opened, not closed: the next start closes the call as interrupted, which is not charged, and releases.</item>
/// <item>
/// closed as charged, not completed: the claim still stands. The next start finds the usage record and completes the claim, without its answer: a repeat is
/// refused, never charged twice.
/// </item>
/// <item>closed as not charged, not released: the next start finds that, and releases.</item>
/// </list>
/// <para>
/// So a running claim of this node is decided by its usage record alone, once all that the journal has closed is in the store: <see cref="SettleAsync"/> ships
/// first. It looks only at claims that no call in this process holds; a call lets go of its claim when it has been closed in the journal, or was never
/// opened. The same settles a claim whose completion failed because the store was away. When the journal itself fails, the claim is held until the process starts
/// anew and knows what is on disk.
/// </para>
/// <para>
/// A node that never comes back, with its disk, leaves its running claims: whether their calls were charged is not known, so repeats are refused until the claims
/// are a day old.
/// </para>
/// </remarks>
public sealed class IdempotencyClaims(Store store, UsageJournal journal, TimeProvider time)
{
    /// <summary>The longest key, in characters.</summary>
    public const int KeyLengthMax = 255;

    /// <summary>The largest answer that is kept, in bytes.</summary>
    public const int AnswerBytesMax = 1024 * 1024;

    private const int SweepMax = 500;

    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);

    /// <summary>How long a key stands for its call.</summary>
    public static TimeSpan KeptFor { get; } = TimeSpan.FromHours(24);

    /// <summary>May a call that ended so cost something? Then its key stays taken.</summary>
    public static bool MayBeCharged(CallEnding ending, TokenUsage usage) =>
        ending == CallEnding.Completed || (ending is CallEnding.ClientClosed or CallEnding.Cut && (usage.TotalTokens > 0 || usage.Units is { Quantity: > 0 }));

    /// <summary>Takes the key for a call; null when it is taken now, else the call that has it.</summary>
    public async Task<EarlierCall?> TakeAsync(IdempotencyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);

        // A repeat reads only: many of them do not keep the store's one writer busy.
        if (await store.ReadAsync(session => FindAsync(session, claim)) is { } found)
        {
            return found;
        }

        _held[claim.Call] = true;
        var isTaken = false;
        try
        {
            // Not to be cancelled: whether it was taken must be known.
            var earlier = await store.WriteAsync(session => TakeAsync(session, claim));
            isTaken = earlier is null;
            return earlier;
        }
        finally
        {
            if (!isTaken)
            {
                LetGo(claim);
            }
        }
    }

    /// <summary>The call was closed and may be charged: its key stays taken, with the answer where one is kept.</summary>
    public Task CompleteAsync(IdempotencyClaim claim, KeptAnswer? answer) => store.WriteAsync(session => session.ExecuteAsync(
        """
        update idempotent_call set is_running = 0, answer_status = @Status, answer_type = @ContentType, answer = @Answer
        where project = @Project and key_hash = @KeyHash and call = @Call
        """,
        new { claim.Project, claim.KeyHash, claim.Call, answer?.Status, answer?.ContentType, Answer = answer is null ? null : Convert.ToBase64String(answer.Encrypted) }));

    /// <summary>The call cost nothing: a repeat is served.</summary>
    public Task ReleaseAsync(IdempotencyClaim claim) => store.WriteAsync(session => session.ExecuteAsync(
        "delete from idempotent_call where project = @Project and key_hash = @KeyHash and call = @Call", claim));

    /// <summary>No call in this process decides about the claim any more.</summary>
    public void LetGo(IdempotencyClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        _held.TryRemove(claim.Call, out _);
    }

    /// <summary>Decides the running claims of this node that no call holds: those of an earlier process, and those that could not be written.</summary>
    /// <param name="ship">Takes all that the journal has closed into the store.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task SettleAsync(Func<CancellationToken, Task> ship, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(ship);

        // 1. Which. Read first, then held: a call holds its claim before the row is there.
        var running = await store.ReadAsync(session => session.QueryAsync<string>("select call from idempotent_call where node = @Node and is_running = 1", new { journal.Node }), cancellation);
        var left = running.Where(call => !_held.ContainsKey(call)).ToArray();
        if (left.Length == 0)
        {
            return;
        }

        // 2. Whatever they came to is in the store after this.
        await ship(cancellation);

        // 3. By their usage records.
        await store.WriteAsync(
            async session =>
            {
                foreach (var chunk in left.Chunk(SweepMax))
                {
                    var calls = session.List(chunk);
                    await session.ExecuteAsync(
                        $"""
                        update idempotent_call set is_running = 0
                        where node = @Node and is_running = 1 and {session.IsOneOf("call", "calls")} and exists (
                            select 1 from usage_record u where u.source = idempotent_call.node and u.id = idempotent_call.call
                                and (u.ending = @Completed or (u.ending in (@ClientClosed, @Cut) and u.input_tokens + u.cached_input_tokens + u.cache_write_tokens + u.output_tokens + u.quantity > 0)))
                        """,
                        new { journal.Node, calls, Completed = nameof(CallEnding.Completed), ClientClosed = nameof(CallEnding.ClientClosed), Cut = nameof(CallEnding.Cut) });
                    await session.ExecuteAsync($"delete from idempotent_call where node = @Node and is_running = 1 and {session.IsOneOf("call", "calls")}", new { journal.Node, calls });
                }

                return left.Length;
            },
            cancellation);
    }

    /// <summary>Deletes claims, and the answers with them, that are a day old; a bounded number in each transaction.</summary>
    public async Task SweepAsync(CancellationToken cancellation = default)
    {
        var before = (time.GetUtcNow() - KeptFor).ToMicros();
        if (await store.ReadAsync(session => session.ScalarAsync<long>("select count(*) from idempotent_call where created_at <= @before", new { before }), cancellation) == 0)
        {
            return;
        }

        while (await store.WriteAsync(
            session => session.ExecuteAsync(
                "delete from idempotent_call where call in (select call from idempotent_call where created_at <= @before order by created_at limit @SweepMax)", new { before, SweepMax }),
            cancellation) == SweepMax)
        {
            // Others may write in between.
        }
    }

    private async Task<EarlierCall?> FindAsync(StoreSession session, IdempotencyClaim claim)
    {
        var row = await session.FindAsync<Row>(
            """
            select call as Call, request_hash as RequestHash, created_at as CreatedAt, is_running as IsRunning,
                answer_status as AnswerStatus, answer_type as AnswerType, answer as Answer
            from idempotent_call where project = @Project and key_hash = @KeyHash
            """,
            claim);
        return row is not null && StoredTime.FromMicros(row.CreatedAt) > time.GetUtcNow() - KeptFor ? row.ToCall(claim) : null;
    }

    private async Task<EarlierCall?> TakeAsync(StoreSession session, IdempotencyClaim claim)
    {
        if (await FindAsync(session, claim) is { } earlier)
        {
            return earlier;
        }

        await session.ExecuteAsync("delete from idempotent_call where project = @Project and key_hash = @KeyHash", claim); // a day old
        await session.ExecuteAsync(
            "insert into idempotent_call(project, key_hash, request_hash, call, node, created_at, is_running) values(@Project, @KeyHash, @RequestHash, @Call, @Node, @now, 1)",
            new { claim.Project, claim.KeyHash, claim.RequestHash, claim.Call, journal.Node, now = time.GetUtcNow().ToMicros() });
        return null;
    }

    private sealed record Row(string Call, string RequestHash, long CreatedAt, long IsRunning, long? AnswerStatus, string? AnswerType, string? Answer)
    {
        public EarlierCall ToCall(IdempotencyClaim claim) => new(
            Call, IsRunning == 1, RequestHash == claim.RequestHash,
            Answer is null ? null : new KeptAnswer((int)(AnswerStatus ?? 200), AnswerType ?? "", Convert.FromBase64String(Answer)));
    }
}
