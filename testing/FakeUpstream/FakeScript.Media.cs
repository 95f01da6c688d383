namespace FakeUpstream;

public sealed partial record FakeScript
{
    /// <summary>How many images come; null: as many as are asked for.</summary>
    public int? Images { get; init; }

    /// <summary>The size that an answer of images says; null: it says none.</summary>
    public string? ImageSize { get; init; }

    /// <summary>The quality that an answer of images says; null: it says none.</summary>
    public string? ImageQuality { get; init; }

    /// <summary>Streamed images: so many unfinished ones come before each.</summary>
    public int PartialImages { get; init; } = 1;

    /// <summary>Transcriptions: the seconds that usage and <c>duration</c> say; null: usage is in tokens.</summary>
    public double? Seconds { get; init; }

    /// <summary>Transcriptions: those of <see cref="InputTokens"/> that stand for sound.</summary>
    public long SoundTokens { get; init; } = 8;

    /// <summary>Speech: how many bytes of sound there are. They leave in chunks of <see cref="SoundChunkBytes"/>.</summary>
    public int SoundBytes { get; init; } = 4_000;

    /// <summary>The bytes of a chunk of sound.</summary>
    public const int SoundChunkBytes = 1_000;

    /// <summary>The sound that an answer of so many bytes is.</summary>
    public static byte[] Sound(int bytes) => [.. Enumerable.Range(0, bytes).Select(static index => (byte)(index % 251))];
}
