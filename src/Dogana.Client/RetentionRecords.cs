namespace Dogana.Client;

/// <summary>Something that is kept for a time.</summary>
/// <param name="Name">Its name.</param>
/// <param name="What">What it is.</param>
/// <param name="Days">For how many days it is kept.</param>
/// <param name="DefaultDays">And where nobody set them.</param>
/// <param name="DaysMax">The most that may be set.</param>
public sealed record RetentionRuleRecord(string Name, string What, int Days, int DefaultDays, int DaysMax);

/// <summary>Sets for how long something is kept.</summary>
/// <param name="Days">Days, 0 to the most that the kind may be kept.</param>
public sealed record RetentionRequest(long Days);

/// <summary>Erases texts and personal data.</summary>
/// <param name="Organisation">Of this organisation and its projects; or</param>
/// <param name="Project">of this project alone.</param>
/// <param name="DryRun">Only says what would be erased.</param>
public sealed record ErasureRequest(string? Organisation = null, string? Project = null, bool DryRun = false);

/// <summary>What was erased, and what stays.</summary>
/// <param name="Organisation">Of which organisation.</param>
/// <param name="Project">Of which project.</param>
/// <param name="DryRun">Is all of it still there?</param>
/// <param name="Erased">What was erased.</param>
/// <param name="Stays">What stays, and why.</param>
public sealed record ErasureReport(string? Organisation, string? Project, bool DryRun, IReadOnlyList<ErasureLine> Erased, IReadOnlyList<ErasureLine> Stays);

/// <summary>One kind of data in an erasure.</summary>
/// <param name="What">What it is.</param>
/// <param name="Count">How many rows; 0 where it is not counted.</param>
/// <param name="Because">Why it stays.</param>
public sealed record ErasureLine(string What, long Count, string? Because);
