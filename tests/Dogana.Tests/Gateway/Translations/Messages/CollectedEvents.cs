using System.Text;
using Dogana.Gateway.Translations;

namespace Dogana.Tests.Gateway.Translations.Messages;

/// <summary>Keeps the events of a stream, as text on the wire.</summary>
internal sealed class CollectedEvents : IEventSink
{
    public List<(string Name, string Data)> Events { get; } = [];

    public void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) => Events.Add((Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(data)));

    /// <summary>Translates a stream that is written as it stands on the wire.</summary>
    public static CollectedEvents Of(AnswerTranslation answer, string stream)
    {
        var sink = new CollectedEvents();
        foreach (var served in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = served.Split('\n');
            var name = lines.FirstOrDefault(static line => line.StartsWith("event: ", StringComparison.Ordinal))?[7..] ?? "";
            var data = lines.Single(static line => line.StartsWith("data: ", StringComparison.Ordinal))[6..];
            answer.Take(new SseEvent(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(data)), sink);
        }

        return sink;
    }

    public override string ToString() => string.Concat(Events.Select(static served => (served.Name.Length > 0 ? $"event: {served.Name}\n" : "") + $"data: {served.Data}\n\n"));
}
