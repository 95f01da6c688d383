namespace Dogana.Storage;

/// <summary>Connection strings are the same where statements mean the same: all of SQLite, and all of PostgreSQL.</summary>
internal sealed class StatementKinds : IEqualityComparer<string>
{
    public bool Equals(string? x, string? y) => IsSqlite(x) == IsSqlite(y);

    public int GetHashCode(string obj) => IsSqlite(obj) ? 1 : 0;

    private static bool IsSqlite(string? connection) => connection?.StartsWith("Data Source=", StringComparison.OrdinalIgnoreCase) ?? false;
}
