namespace Dogana.Metering.Tokens;

/// <summary>What the patterns tell apart. Stored nowhere: bits, so that a set of kinds is one test.</summary>
[Flags]
internal enum CharacterKind : byte
{
    None = 0,

    /// <summary>Upper or title case: <c>\p{Lu}\p{Lt}</c>.</summary>
    Upper = 1,

    /// <summary>Lower case: <c>\p{Ll}</c>.</summary>
    Lower = 2,

    /// <summary>A letter without case: <c>\p{Lm}\p{Lo}</c>.</summary>
    Caseless = 4,

    /// <summary>A combining mark: <c>\p{M}</c>.</summary>
    Mark = 8,

    /// <summary><c>\p{N}</c>.</summary>
    Number = 16,

    /// <summary><c>\s</c>, without the two of <see cref="LineEnd"/>.</summary>
    Space = 32,

    /// <summary><c>\r</c> and <c>\n</c>.</summary>
    LineEnd = 64,

    /// <summary>Everything else.</summary>
    Other = 128,

    /// <summary><c>\p{L}</c>.</summary>
    Letter = Upper | Lower | Caseless,

    /// <summary><c>\s</c>.</summary>
    White = Space | LineEnd,

    /// <summary><c>[^\s\p{L}\p{N}]</c>.</summary>
    Sign = Mark | Other,

    /// <summary><c>[^\r\n\p{L}\p{N}]</c>: what may stand before a word and belong to it.</summary>
    Lead = Space | Mark | Other,

    /// <summary><c>[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]</c>: how a word may begin.</summary>
    Head = Upper | Caseless | Mark,

    /// <summary><c>[\p{Ll}\p{Lm}\p{Lo}\p{M}]</c>: how a word may go on.</summary>
    Tail = Lower | Caseless | Mark,
}
