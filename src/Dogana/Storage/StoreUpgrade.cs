namespace Dogana.Storage;

/// <summary>What opening does about a store whose schema is older than this program. An empty store is always made as this program wants it.</summary>
public enum StoreUpgrade
{
    /// <summary>Runs the steps that are missing.</summary>
    Run = 1,

    /// <summary>Refuses, and says what to do: nobody upgrades a store by asking it something.</summary>
    Refuse = 2,

    /// <summary>Opens it as it is, whatever it is; even an empty one stays empty. For what looks at schemas, copies them or puts them back.</summary>
    Leave = 3,
}
