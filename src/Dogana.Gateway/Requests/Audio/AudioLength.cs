namespace Dogana.Gateway.Requests.Audio;

/// <summary>How long a recording is, as far as its bytes tell before anybody listens to it.</summary>
/// <param name="Seconds">What was measured, the last second whole; null where the file does not tell.</param>
/// <param name="SecondsMax">The most that it can be: what was measured, or else as many seconds as the bytes hold at <see cref="LowestBytesPerSecond"/>.</param>
internal readonly record struct AudioLength(long? Seconds, long SecondsMax)
{
    /// <summary>4 kbit/s: below what any codec of speech in the formats that are taken needs.</summary>
    public const int LowestBytesPerSecond = 500;

    // 20 Mbit/s: a film in high definition, for the containers that may have one in them.
    private const double HighestBytesPerSecond = 2_500_000;

    // A week: no file of a size that is taken lasts longer.
    private const double SecondsLimit = 604_800;

    /// <summary>Measures a file. Reads its bytes once, allocates nothing that grows with them, and never throws.</summary>
    public static AudioLength Of(ReadOnlySpan<byte> file)
    {
        var found = WaveLength.Find(file) ?? FlacLength.Find(file) ?? OggLength.Find(file) ?? WebmLength.Find(file) ?? Mp4Length.Find(file) ?? Mp3Length.Find(file);
        if (found is not { } measured || !double.IsFinite(measured.Seconds) || measured.Seconds < 0 || measured.Seconds > SecondsLimit)
        {
            return new AudioLength(null, file.Length / LowestBytesPerSecond + 1);
        }

        var seconds = Math.Max(1, (long)Math.Ceiling(Math.Round(Math.Max(measured.Seconds, measured.Least), 3)));
        return new AudioLength(seconds, seconds);
    }

    /// <summary>The least that a container with so many bytes lasts, whatever its header says.</summary>
    public static double LeastOf(ReadOnlySpan<byte> file) => file.Length / HighestBytesPerSecond;
}

/// <summary>What a reader of one format found.</summary>
/// <param name="Seconds">The duration.</param>
/// <param name="Least">What its bytes need at least, where it was not counted from the sound itself: what only a header says may be a lie, bytes are not.</param>
internal readonly record struct FoundLength(double Seconds, double Least = 0);
