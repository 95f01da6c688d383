using System.Globalization;
using Dogana.Storage;

namespace Dogana.Batches.Rows;

/// <summary>What is kept of lines, in SQL.</summary>
internal static class AnswerRows
{
    /// <summary>Makes pending answers of a batch final, and counts them; those of one node alone where it is named.</summary>
    public static async Task<int> FinishAsync(StoreSession session, string batch, string ofNode)
    {
        var finished = await session.ExecuteAsync(
            "update batch_answer set is_final = 1 where batch = @batch and is_final = 0" + (ofNode.Length == 0 ? "" : " and node = @ofNode"), new { batch, ofNode });
        await CountAsync(session, batch, finished, 0);
        return finished;
    }

    /// <summary>Makes these pending answers final, and counts them.</summary>
    public static async Task FinishAsync(StoreSession session, string batch, long[] lines)
    {
        var finished = await session.ExecuteAsync(
            $"update batch_answer set is_final = 1 where batch = @batch and is_final = 0 and line in (select value from {session.Listed("lines")})", new { batch, lines = session.List(lines) });
        await CountAsync(session, batch, finished, 0);
    }

    /// <summary>Deletes a node's pending answers to these lines: their calls were not charged.</summary>
    public static Task DropAsync(StoreSession session, string batch, string node, long[] lines) => session.ExecuteAsync(
        $"delete from batch_answer where batch = @batch and node = @node and is_final = 0 and line in (select value from {session.Listed("lines")})", new { batch, node, lines = session.List(lines) });

    /// <summary>Counts answers and errors that became final.</summary>
    public static Task CountAsync(StoreSession session, string batch, int completed, int failed) => completed + failed == 0
        ? Task.CompletedTask
        : session.ExecuteAsync("update batch set completed = completed + @completed, failed = failed + @failed where id = @batch", new { batch, completed, failed });

    /// <summary>What an answer is encrypted for.</summary>
    public static string[] PurposeOf(string project, string batch, long line) => ["batch-answer", project, batch, line.ToString(CultureInfo.InvariantCulture)];
}
