using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Dogana.Gateway.Translations.Responses;

/// <summary>
/// How much of one answer is kept: the events that end a text repeat it whole. Whole answers are read up to 64 MiB; a stream gets as much and no more.
/// </summary>
internal sealed class TextBudget
{
    /// <summary>The most bytes that one answer's texts have together.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    private int _left = BytesMax;

    /// <exception cref="ProblemException">The answer is longer than that.</exception>
    public void Take(int bytes) => _left = bytes <= _left ? _left - bytes : throw UpstreamChunk.Failed("sent an answer that is longer than 64 MiB");
}

/// <summary>A text that grows piece by piece, kept as UTF-8.</summary>
internal sealed class BoundedText(TextBudget budget)
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>What was added so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public void Add(string piece)
    {
        budget.Take(Encoding.UTF8.GetByteCount(piece));
        Encoding.UTF8.GetBytes(piece, _bytes);
    }

    /// <summary>Adds a log probability as JSON, behind a comma where one stands already.</summary>
    public void AddLogProbability(JsonElement token)
    {
        var before = _bytes.WrittenCount;
        if (before > 0)
        {
            _bytes.Write(","u8);
        }

        using var writer = new Utf8JsonWriter(_bytes, WireJson.Options);
        LogProbability.Write(writer, token);
        writer.Flush();
        budget.Take(_bytes.WrittenCount - before);
    }
}
