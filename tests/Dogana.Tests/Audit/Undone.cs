using Dogana.Storage;

namespace Dogana.Tests.Audit;

/// <summary>Changes a store, looks at it, and leaves it as it was.</summary>
internal static class Undone
{
    public static async Task<T> RunAsync<T>(Store store, Func<StoreSession, Task<T>> change)
    {
        T? result = default;
        try
        {
            await store.WriteAsync<int>(async session =>
            {
                result = await change(session);
                throw new RollbackException();
            });
        }
        catch (RollbackException)
        {
            // Nothing happened.
        }

        return result!;
    }

    private sealed class RollbackException : Exception;
}
