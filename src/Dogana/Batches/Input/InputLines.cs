using Dogana.Files;

namespace Dogana.Batches.Input;

/// <summary>A line of an input where it stands.</summary>
/// <param name="Number">From 1 on; empty lines are counted.</param>
/// <param name="Place">Its first byte.</param>
/// <param name="Length">Its bytes with its end.</param>
/// <param name="Text">Without its end. Good until the next line.</param>
internal readonly record struct InputLine(long Number, long Place, int Length, ReadOnlyMemory<byte> Text)
{
    public bool IsEmpty => !Text.Span.ContainsAnyExcept(" \t\r"u8);
}

/// <summary>Goes through the lines of a file, or of a part of it that begins with a line; never more than a line and a chunk in memory.</summary>
internal sealed class InputLines(StoredFiles files, StoredFile file)
{
    /// <summary>The longest line, in bytes: as the largest body of a call.</summary>
    public const int LineBytesMax = 16 * 1024 * 1024;

    /// <summary>Gives each line until <paramref name="take"/> says no; a problem where the file is gone, or a line too long (<see cref="ProblemCode.BodyTooLarge"/>).</summary>
    public async Task<Problem?> ReadAsync(long place, long bytes, long firstNumber, Func<InputLine, bool> take, CancellationToken cancellation)
    {
        var (held, number, end) = (ReadOnlyMemory<byte>.Empty, firstNumber, Math.Min(place + bytes, file.Bytes));
        for (var next = place; next < end;)
        {
            if (!(await files.ReadAsync(file, next, (int)Math.Min(StoredFiles.ChunkBytes, end - next), cancellation)).TryGet(out var part, out var problem))
            {
                return problem;
            }

            next += part.Length;
            held = held.Length == 0 ? part : Join(held, part);
            while (held.Span.IndexOf((byte)'\n') is >= 0 and var at)
            {
                if (!take(new InputLine(number++, place, at + 1, held[..at])))
                {
                    return null;
                }

                (place, held) = (place + at + 1, held[(at + 1)..]);
            }

            if (held.Length > LineBytesMax)
            {
                return new Problem(ProblemCode.BodyTooLarge, $"Line {number} is longer than {LineBytesMax} bytes.");
            }
        }

        if (held.Length > 0)
        {
            take(new InputLine(number, place, held.Length, held));
        }

        return null;
    }

    private static ReadOnlyMemory<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        var both = new byte[first.Length + second.Length];
        first.CopyTo(both);
        second.CopyTo(both.AsMemory(first.Length));
        return both;
    }
}
