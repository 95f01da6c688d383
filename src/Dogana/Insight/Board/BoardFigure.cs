using Dogana.Insight.Charts;

namespace Dogana.Insight.Board;

/// <summary>A picture with what it says, and the figures that it is drawn from.</summary>
/// <param name="Id">Its id in the page.</param>
/// <param name="Heading">What it shows.</param>
/// <param name="Says">What there is to see, in a sentence with its figures.</param>
/// <param name="Chart">The picture.</param>
/// <param name="Basis">What is counted, and of which months.</param>
/// <param name="Verb">What prints the same figures.</param>
/// <param name="Columns">Of the table beneath; names that end in <c>&gt;</c> are of numbers.</param>
/// <param name="Rows">Its cells.</param>
internal sealed record BoardFigure(
    string Id, string Heading, string Says, Chart Chart, string Basis, string Verb, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);

/// <summary>A question of the board's.</summary>
/// <param name="Id">Its id in the page.</param>
/// <param name="Title">In a word or two.</param>
/// <param name="Question">The question.</param>
/// <param name="Figures">The pictures that answer it.</param>
/// <param name="Notes">What cannot be shown, and why.</param>
internal sealed record BoardSection(string Id, string Title, string Question, IReadOnlyList<BoardFigure> Figures, IReadOnlyList<string> Notes);

/// <summary>A number for the head of the page.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">The number.</param>
/// <param name="About">What it is of.</param>
/// <param name="Section">Where more of it is.</param>
internal sealed record BoardCard(string Name, string Value, string About, string Section);
