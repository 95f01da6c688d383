namespace Dogana.Client;

/// <summary>A process that serves, or served, on the store.</summary>
/// <param name="Name">Its name: its usage records bear it.</param>
/// <param name="State"><c>live</c>, <c>stopped</c>, <c>lost</c> or <c>forgotten</c>.</param>
/// <param name="Life">How often it has begun.</param>
/// <param name="Version">The program's version.</param>
/// <param name="StartedAt">When its life began.</param>
/// <param name="SeenAt">When it was heard of last.</param>
/// <param name="Shipped">How far the store has taken its journal in: segment and position; null for nothing yet.</param>
/// <param name="Holds">What it holds of budgets; of one that was forgotten, what was charged for it.</param>
public sealed record NodeRecord(
    string Name, string State, long Life, string Version, DateTimeOffset StartedAt, DateTimeOffset SeenAt, string? Shipped, IReadOnlyList<NodeHoldRecord> Holds);

/// <summary>What a node holds of a budget.</summary>
/// <param name="Budget">The budget.</param>
/// <param name="Window">The month such as <c>2026-11</c>, or <c>once</c>.</param>
/// <param name="Amount">Decimal text.</param>
/// <param name="Currency">ISO 4217.</param>
public sealed record NodeHoldRecord(string Budget, string Window, string Amount, string Currency);

/// <summary>Gives a node up.</summary>
/// <param name="Force">Also where it was heard of lately.</param>
public sealed record ForgetNodeRequest(bool Force = false);
