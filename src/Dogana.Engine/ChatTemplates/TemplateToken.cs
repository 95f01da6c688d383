using System.Runtime.InteropServices;

namespace Dogana.Engine.ChatTemplates;

internal enum TemplateTokenKind
{
    /// <summary>Text outside of tags.</summary>
    Text,
    OutputStart,
    OutputEnd,
    StatementStart,
    StatementEnd,
    Name,
    String,
    Number,
    Symbol,
    End,
}

/// <summary>A piece of a template's source.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TemplateToken(TemplateTokenKind Kind, string Text, int Line)
{
    public bool Is(TemplateTokenKind kind, string text) => Kind == kind && Text == text;

    public override string ToString() => Kind switch
    {
        TemplateTokenKind.End => "the end of the template",
        TemplateTokenKind.String => $"the string '{Text}'",
        _ => $"'{Text}'",
    };
}
