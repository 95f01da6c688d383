namespace Dogana.Testing.MoneySimulation;

/// <summary>A fault that is planted on purpose: the simulation must find it.</summary>
public enum PlantedFault
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A node believes that the last record of a batch was taken in, and it was not sent.</summary>
    LastOfBatchLost = 1,

    /// <summary>A node that did not get its answer sends the records again under other ids.</summary>
    RepeatUnderNewId = 2,

    /// <summary>What a run rates is cut to a millionth, run by run.</summary>
    RunsRounded = 3,
}

/// <summary>What came of a history.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="History">What it was.</param>
/// <param name="Uses">How often something was used.</param>
/// <param name="Documents">Final documents that were made of it.</param>
/// <param name="Troubles">What failed on the way: transactions rolled back, answers lost, closes broken off or refused.</param>
/// <param name="Sums">What everything came to: the same for each seed, however it was counted and closed.</param>
/// <param name="Differences">Where documents, quantities or books are not what was used.</param>
/// <param name="Faults">What verification finds.</param>
public sealed record SimulationResult(
    int Seed, string History, int Uses, int Documents, int Troubles, string Sums, IReadOnlyList<string> Differences, IReadOnlyList<string> Faults)
{
    /// <summary>Documents in another currency than their prices.</summary>
    public int Converted { get; init; }

    /// <summary>Rated lines that prices of the past took back or made.</summary>
    public long Repriced { get; init; }

    /// <summary>All that was wrong.</summary>
    public IReadOnlyList<string> Found => [.. Differences, .. Faults];
}
