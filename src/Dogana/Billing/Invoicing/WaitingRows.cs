using Dogana.Storage;

namespace Dogana.Billing.Invoicing;

/// <summary>A contract that a close left open, and why.</summary>
internal sealed record WaitingRow(string Contract, string Problem, string Message);

/// <summary>The table of contracts that closes left open.</summary>
internal static class WaitingRows
{
    /// <summary>What a close of a month found: those of the contracts that wait, and no other of them; a later close has what an earlier one left open.</summary>
    public static async Task ReplaceAsync(StoreSession session, BillingMonth month, string[] contracts, IReadOnlyDictionary<string, Problem> waiting, DateTimeOffset now)
    {
        if (contracts.Length == 0)
        {
            return;
        }

        string[] done = [.. contracts.Where(id => !waiting.ContainsKey(id))];
        await session.ExecuteAsync(
            $"delete from waiting_document where month <= @month and {session.IsOneOf("contract", "done")}", new { month = month.ToString(), done = session.List(done) });
        await session.InsertAsync(
            "waiting_document", ["month", "contract", "problem", "message", "since"], [.. waiting],
            item => [month.ToString(), item.Key, EnumWords.Of(item.Value.Code), item.Value.Message, now.ToMicros()],
            "on conflict(month, contract) do update set problem = excluded.problem, message = excluded.message");
    }

    /// <summary>Contracts that the close of a month left open, above one, by id.</summary>
    public static Task<IReadOnlyList<WaitingRow>> ReadAsync(StoreSession session, BillingMonth month, string after, int limit) => session.QueryAsync<WaitingRow>(
        "select contract as Contract, problem as Problem, message as Message from waiting_document where month = @month and contract > @after order by contract limit @limit",
        new { month = month.ToString(), after, limit });
}
