using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace FakeUpstream.Answers;

/// <summary>The bytes of answers that were given before: a script that stands is told once. At most <see cref="Kept"/>; thread-safe.</summary>
internal sealed class PreparedAnswers
{
    /// <summary>So many answers are kept before all are forgotten.</summary>
    private const int Kept = 256;

    /// <summary>A text that is longer is told anew each time.</summary>
    private const int MostLetters = 10_000;

    private readonly ConcurrentDictionary<Key, Template> _whole = new();
    private readonly ConcurrentDictionary<Key, ServerEvent[]> _streams = new();

    public Template Whole(Operation operation, Telling telling) =>
        Find(_whole, operation, telling, () => Template.Of(operation.Whole(telling)));

    public IEnumerable<ServerEvent> Stream(Operation operation, Telling telling) =>
        IsSmall(telling) ? Find(_streams, operation, telling, () => [.. operation.Stream(telling)]) : operation.Stream(telling);

    private static T Find<T>(ConcurrentDictionary<Key, T> kept, Operation operation, Telling telling, Func<T> make)
    {
        var key = new Key(operation, new ScriptIdentity(telling.Script), telling.Model, telling.Asked);
        if (kept.TryGetValue(key, out var found))
        {
            return found;
        }

        var made = make();
        if (IsSmall(telling))
        {
            if (kept.Count >= Kept)
            {
                kept.Clear();
            }

            kept[key] = made;
        }

        return made;
    }

    private static bool IsSmall(Telling telling) =>
        telling.Script.Fault != Fault.HugeBody && telling.Script.Text.Length < MostLetters && telling.Asked.Choices < 10;

    private readonly record struct Key(Operation Operation, ScriptIdentity Script, string Model, Asked Asked);

    // The same script, not an equal one: a script has many fields.
    private readonly struct ScriptIdentity(FakeScript script) : IEquatable<ScriptIdentity>
    {
        private readonly FakeScript _script = script;

        public bool Equals(ScriptIdentity other) => ReferenceEquals(_script, other._script);

        public override bool Equals(object? obj) => obj is ScriptIdentity other && Equals(other);

        public override int GetHashCode() => RuntimeHelpers.GetHashCode(_script);
    }
}
