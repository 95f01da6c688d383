using Microsoft.Extensions.Logging;

namespace Dogana.Gateway;

/// <summary>
/// The operator's file of which country an address is in, read at the start and again when it changes. A change that cannot be read leaves what was: wrong
/// lines must not open or close a market by accident.
/// </summary>
public sealed partial class CountryFile(string? path, TimeProvider time, ILogger<CountryFile>? log = null)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _reading = new();
    private volatile AddressCountries _current = AddressCountries.None;
    private DateTime _written;
    private long _looked;

    /// <summary>No file: no address has a country.</summary>
    public static CountryFile None { get; } = new(null, TimeProvider.System);

    /// <summary>What the file says.</summary>
    public AddressCountries Current
    {
        get
        {
            if (path is not null && time.GetElapsedTime(Volatile.Read(ref _looked)) > LookInterval && _reading.TryEnter())
            {
                try
                {
                    Look();
                }
                finally
                {
                    _reading.Exit();
                }
            }

            return _current;
        }
    }

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read, or a line is wrong; the message names it.</exception>
    public static CountryFile Open(string path, TimeProvider time, ILogger<CountryFile>? log = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        var file = new CountryFile(path, time, log) { _looked = time.GetTimestamp(), _written = File.GetLastWriteTimeUtc(path) };
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
            else if (log is not null)
            {
                LogWrong(log, path!, problem.Message);
            }

            _written = written;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            if (log is not null)
            {
                LogWrong(log, path!, fault.Message);
            }
        }
    }

    [LoggerMessage(2302, LogLevel.Error, "The countries' file {Path} changed and cannot be read; what it said before still counts. {Why}")]
    private static partial void LogWrong(ILogger log, string path, string why);
}
