namespace Dogana.ServerTests;

/// <summary>The latest lines that a process wrote, on both of its streams. Thread-safe.</summary>
internal sealed class ProcessOutput
{
    private const int KeptLines = 2_000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > KeptLines)
            {
                _lines.Dequeue();
            }
        }
    }

    public override string ToString()
    {
        lock (_lock)
        {
            return string.Join('\n', _lines);
        }
    }
}
