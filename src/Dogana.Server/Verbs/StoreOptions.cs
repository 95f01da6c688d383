using System.CommandLine;
using Dogana.Server.Hosting;

namespace Dogana.Server.Verbs;

/// <summary>Where a verb works: on a store of its own (<c>--data</c>, <c>--postgres</c>) or on a running server (<c>--url</c>).</summary>
internal static class StoreOptions
{
    public static Option<string> Data { get; } = new("--data")
    {
        Description = "The data folder (default: $DOGANA_DATA, or ./dogana-data).",
        Recursive = true,
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("DOGANA_DATA") ?? "dogana-data",
    };

    public static Option<string?> Postgres { get; } = new("--postgres")
    {
        Description = "Connection string of a PostgreSQL store instead of SQLite (default: $DOGANA_POSTGRES; give the password in $PGPASSWORD).",
        Recursive = true,
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("DOGANA_POSTGRES"),
    };

    public static Option<string?> MasterKeyFile { get; } = new("--master-key-file")
    {
        Description = "The file of the store's master key (default: $DOGANA_MASTER_KEY_FILE, or master.key in the data folder, made once). All nodes of a store need the same.",
        Recursive = true,
        DefaultValueFactory = static _ => Environment.GetEnvironmentVariable("DOGANA_MASTER_KEY_FILE") is { Length: > 0 } file ? file : null,
    };

    public static Option<string?> Url { get; } = new("--url")
    {
        Description = "Work on a running server, with the admin key or the session in $DOGANA_ADMIN_KEY, instead of on a store.",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "Print JSON.", Recursive = true };

    public static ServerSettings Settings(ParseResult parsed) => new() { DataFolder = parsed.GetValue(Data)!, Postgres = parsed.GetValue(Postgres), MasterKeyFile = parsed.GetValue(MasterKeyFile) };
}
