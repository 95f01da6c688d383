namespace Dogana.Storage;

/// <summary>Facts about the store itself, by name.</summary>
public static class StoreSettings
{
    /// <summary>The value, or null.</summary>
    public static Task<string?> FindAsync(StoreSession session, string name)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ScalarAsync<string>("select value from store_setting where name = @name", new { name });
    }

    /// <summary>Sets the value.</summary>
    public static Task SetAsync(StoreSession session, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.ExecuteAsync(
            "insert into store_setting(name, value) values(@name, @value) on conflict(name) do update set value = excluded.value", new { name, value });
    }
}
