namespace Dogana.Engine.ChatTemplates;

/// <summary><c>+ - * / // % ~</c> between two values.</summary>
internal sealed record ArithmeticExpression(string Operator, TemplateExpression Left, TemplateExpression Right) : TemplateExpression
{
    protected override object Compute(TemplateScope scope)
    {
        object? left = Left.Evaluate(scope);
        object? right = Right.Evaluate(scope);
        try
        {
            return (Operator, left, right) switch
            {
                ("~", _, _) => Join(TemplateValues.ToText(left), TemplateValues.ToText(right), scope),
                ("+", MarkedText a, MarkedText b) => Join(a, b, scope),
                ("+", List<object?> a, List<object?> b) => Join(a, b, scope),
                ("+", long a, long b) => a + b,
                ("-", long a, long b) => a - b,
                ("*", long a, long b) => a * b,
                ("//", long a, long b) => (long)Math.Floor((decimal)a / b),
                ("%", long a, long b) => (long)(a - (b * Math.Floor((decimal)a / b))),
                _ => Floating(left, right),
            };
        }
        catch (Exception error) when (error is OverflowException or DivideByZeroException)
        {
            throw new ChatTemplateException($"The chat template calculates {left} {Operator} {right}, which has no value.", error);
        }
    }

    private static MarkedText Join(MarkedText a, MarkedText b, TemplateScope scope)
    {
        // The cost of copying keeps a template from doubling a text until memory ends.
        scope.Step((a.Length + b.Length) / 64);
        return a.Append(b);
    }

    private static List<object?> Join(List<object?> a, List<object?> b, TemplateScope scope)
    {
        scope.Step(a.Count + b.Count);
        return [.. a, .. b];
    }

    private double Floating(object? left, object? right)
    {
        if (TemplateValues.Number(left) is not { } a || TemplateValues.Number(right) is not { } b)
        {
            throw new ChatTemplateException(
                $"The chat template calculates {TemplateValues.KindOf(left)} {Operator} {TemplateValues.KindOf(right)}.");
        }

        return Operator switch
        {
            "+" => a + b,
            "-" => a - b,
            "*" => a * b,
            "/" => b == 0 ? throw new DivideByZeroException() : a / b,
            "//" => b == 0 ? throw new DivideByZeroException() : Math.Floor(a / b),
            _ => b == 0 ? throw new DivideByZeroException() : a - (b * Math.Floor(a / b)),
        };
    }
}
