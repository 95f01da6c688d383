namespace Dogana.Storage;

/// <summary>A store and this program do not fit: the store is older and may not be upgraded now, or it is newer.</summary>
/// <param name="message">Which steps, and what to do.</param>
public sealed class StoreVersionException(string message) : InvalidOperationException(message);
