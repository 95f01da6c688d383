using System.Globalization;
using Dogana.Storage;

namespace Dogana.Server.Demo;

/// <summary>
/// The clock of a demo store: it runs as the system's does, some time apart, and can be set forward. Only a store that was made for a demo has one;
/// in every other the clock is the system's and nobody can set it.
/// </summary>
internal sealed class DemoClock : TimeProvider
{
    private const string Setting = "demo_clock_offset_micros";

    private readonly Store _store;
    private long _offsetTicks;

    private DemoClock(Store store, TimeSpan offset) => (_store, _offsetTicks) = (store, offset.Ticks);

    /// <summary>Makes an empty store a demo store whose clock shows <paramref name="start"/> now.</summary>
    /// <exception cref="InvalidOperationException">The store is not empty.</exception>
    public static async Task MarkAsync(Store store, DateTimeOffset start)
    {
        var isUsed = await store.ReadConfigurationVersionAsync();
        if (isUsed > 0)
        {
            throw new InvalidOperationException($"{store.Description} holds data already. A demo needs a new folder: choose another one.");
        }

        await store.WriteAsync(async session =>
        {
            await StoreSettings.SetAsync(session, Setting, Micros(start - System.GetUtcNow()));
            return 0;
        });
    }

    /// <summary>The store's demo clock, or null when it is no demo store.</summary>
    public static async Task<DemoClock?> FindAsync(Store store, CancellationToken cancellation)
    {
        var offset = await store.ReadAsync(static session => StoreSettings.FindAsync(session, Setting), cancellation);
        return offset is null ? null : new DemoClock(store, TimeSpan.FromMicroseconds(long.Parse(offset, CultureInfo.InvariantCulture)));
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Volatile.Read(ref _offsetTicks));

    /// <summary>Sets the clock forward to an instant; never back.</summary>
    public async Task StepToAsync(DateTimeOffset instant)
    {
        var step = instant - GetUtcNow();
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.Zero, nameof(instant));
        var offset = TimeSpan.FromTicks(_offsetTicks) + step;
        await _store.WriteAsync(async session =>
        {
            await StoreSettings.SetAsync(session, Setting, Micros(offset));
            return 0;
        });
        Volatile.Write(ref _offsetTicks, offset.Ticks);
    }

    private static string Micros(TimeSpan offset) => (offset.Ticks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);
}
