using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dogana.Gateway;

/// <summary>
/// The operator's file of which country an address is in, read at the start and again when it changes. A change that cannot be read leaves what was: wrong
/// lines must not open or close a market by accident.
/// </summary>
public sealed partial class CountryFile(string? path, TimeProvider time)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private volatile AddressCountries _current = AddressCountries.None;
    private DateTime _written;
    private long _looked;
    private int _isLooking;

    /// <summary>Hears of a change that cannot be read.</summary>
    public ILogger Log { get; set; } = NullLogger.Instance;

    /// <summary>No file: no address has a country.</summary>
    public static CountryFile None { get; } = new(null, TimeProvider.System);

    /// <summary>What the file says.</summary>
    public AddressCountries Current
    {
        get
        {
            // Not on the way of a call: a large file takes its time.
            if (path is not null && time.GetElapsedTime(Volatile.Read(ref _looked)) > LookInterval && Interlocked.Exchange(ref _isLooking, 1) == 0)
            {
                _ = Task.Run(Look);
            }

            return _current;
        }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read, or a line is wrong; the message names it.</exception>
    public static CountryFile Open(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var file = new CountryFile(path, time) { _looked = time.GetTimestamp(), _written = File.GetLastWriteTimeUtc(path) };
        try
        {
            file._current = AddressCountries.Read(File.ReadLines(path)).TryGet(out var countries, out var problem)
                ? countries
                : throw new InvalidOperationException($"{path}: {problem.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"The countries' file {path} cannot be read: {fault.Message}", fault);
        }

        return file;
    }

    private void Look()
    {
        Volatile.Write(ref _looked, time.GetTimestamp());
        try
        {
            var written = File.GetLastWriteTimeUtc(path!);
            if (written == _written)
            {
                return;
            }

            if (AddressCountries.Read(File.ReadLines(path!)).TryGet(out var countries, out var problem))
            {
                _current = countries;
            }
            else
            {
                LogWrong(Log, path!, problem.Message);
            }

            _written = written;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            LogWrong(Log, path!, fault.Message);
        }
        finally
        {
            Volatile.Write(ref _isLooking, 0);
        }
    }

    [LoggerMessage(2302, LogLevel.Error, "The countries' file {Path} changed and cannot be read; what it said before still counts. {Why}")]
    private static partial void LogWrong(ILogger log, string path, string why);
}
