namespace Dogana.Bench.Load;

/// <summary>An answered call.</summary>
/// <param name="Whole">From sending it to the answer's last byte.</param>
/// <param name="FirstToken">Streamed: from sending it to the first text.</param>
/// <param name="OutputTokens">Generated tokens as the answer's own usage says; 0 where that was not read.</param>
internal readonly record struct CallResult(TimeSpan Whole, TimeSpan FirstToken, long OutputTokens);
