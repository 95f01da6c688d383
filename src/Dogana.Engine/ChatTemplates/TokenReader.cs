using System.Runtime.CompilerServices;

namespace Dogana.Engine.ChatTemplates;

/// <summary>Goes through a template's tokens.</summary>
internal sealed class TokenReader(IReadOnlyList<TemplateToken> tokens)
{
    private int _next;

    public TemplateToken Current => tokens[_next];

    public int Line => Current.Line;

    public TemplateToken Take()
    {
        // Every nested construct takes a token, so this also bounds the nesting of a hostile template.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw TemplateSyntax.Unsupported("nesting this deep", Line);
        }

        return Current.Kind == TemplateTokenKind.End ? Current : tokens[_next++];
    }

    public bool IsSymbol(string text) => Current.Is(TemplateTokenKind.Symbol, text);

    public bool IsName(string text) => Current.Is(TemplateTokenKind.Name, text);

    /// <summary>Whether the token after this one is the given name.</summary>
    public bool IsNextName(string text) => _next + 1 < tokens.Count && tokens[_next + 1].Is(TemplateTokenKind.Name, text);

    public bool IsNextSymbol(string text) => _next + 1 < tokens.Count && tokens[_next + 1].Is(TemplateTokenKind.Symbol, text);

    public bool TrySymbol(string text) => TryTake(IsSymbol(text));

    public bool TryName(string text) => TryTake(IsName(text));

    public void Symbol(string text)
    {
        if (!TrySymbol(text))
        {
            throw TemplateSyntax.Error($"expected '{text}', found {Current}.", Line);
        }
    }

    public void Name(string text)
    {
        if (!TryName(text))
        {
            throw TemplateSyntax.Error($"expected '{text}', found {Current}.", Line);
        }
    }

    public string Identifier() => Expect(TemplateTokenKind.Name, "a name").Text;

    public TemplateToken Expect(TemplateTokenKind kind, string what) => Current.Kind == kind
        ? Take()
        : throw TemplateSyntax.Error($"expected {what}, found {Current}.", Line);

    private bool TryTake(bool matches)
    {
        if (matches)
        {
            Take();
        }

        return matches;
    }
}
