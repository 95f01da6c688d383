namespace Dogana.Engine.ChatTemplates;

/// <summary>A part of a template that has a value.</summary>
internal abstract record TemplateExpression
{
    public object? Evaluate(TemplateScope scope)
    {
        scope.Step();
        scope.Enter();
        object? value = Compute(scope);
        // An error ends the whole rendering, so nothing is left to leave.
        scope.Leave();
        return value;
    }

    protected abstract object? Compute(TemplateScope scope);
}

internal sealed record LiteralExpression(object? Value) : TemplateExpression
{
    protected override object? Compute(TemplateScope scope) => Value;
}

internal sealed record NameExpression(string Name) : TemplateExpression
{
    protected override object? Compute(TemplateScope scope) => scope[Name];
}

internal sealed record ListExpression(IReadOnlyList<TemplateExpression> Items) : TemplateExpression
{
    protected override object Compute(TemplateScope scope) => Items.Select(item => item.Evaluate(scope)).ToList();
}

internal sealed record MapExpression(IReadOnlyList<(TemplateExpression Key, TemplateExpression Value)> Entries) : TemplateExpression
{
    protected override object Compute(TemplateScope scope)
    {
        var map = new TemplateMap();
        foreach ((TemplateExpression key, TemplateExpression value) in Entries)
        {
            map[TemplateValues.ToText(key.Evaluate(scope)).Text] = value.Evaluate(scope);
        }

        return map;
    }
}

/// <summary><c>a.b</c> and <c>a[b]</c>.</summary>
internal sealed record IndexExpression(TemplateExpression Target, TemplateExpression Index) : TemplateExpression
{
    protected override object? Compute(TemplateScope scope)
    {
        object? target = Target.Evaluate(scope);
        object? index = Index.Evaluate(scope);
        return (target, index) switch
        {
            (TemplateMap map, MarkedText key) => map[key.Text],
            (List<object?> list, long position) => Position(position, list.Count) is { } i ? list[i] : Undefined.Value,
            (MarkedText text, long position) => Position(position, text.Length) is { } i ? text.Slice(i, 1) : Undefined.Value,
            (null or Undefined, _) => throw new ChatTemplateException(
                $"The chat template asks {TemplateValues.KindOf(target)} for '{Describe(index)}'."),
            _ => Undefined.Value,
        };
    }

    private static int? Position(long index, int count)
    {
        long position = index < 0 ? index + count : index;
        return position >= 0 && position < count ? (int)position : null;
    }

    private static string Describe(object? index) => index is MarkedText text ? text.Text : index?.ToString() ?? "none";
}

/// <summary><c>a[from:to:step]</c>.</summary>
internal sealed record SliceExpression(TemplateExpression Target, TemplateExpression? From, TemplateExpression? To, TemplateExpression? Step)
    : TemplateExpression
{
    protected override object Compute(TemplateScope scope)
    {
        object? target = Target.Evaluate(scope);
        long step = Bound(Step, scope) ?? 1;
        int count = checked((int)TemplateValues.Length(target));
        if (step is 0 or < -1 or > 1 && target is MarkedText)
        {
            throw new ChatTemplateException($"The chat template cuts a string in steps of {step}, which is not supported.");
        }

        long from = Clamp(Bound(From, scope) ?? (step > 0 ? 0 : count - 1), count, step);
        long to = Bound(To, scope) is { } bound ? Clamp(bound, count, step) : step > 0 ? count : -1;
        if (target is MarkedText text && step == 1)
        {
            return text.Slice((int)from, (int)Math.Max(0, to - from));
        }

        List<object?> items = TemplateValues.Items(target);
        var result = new List<object?>();
        for (long i = from; step > 0 ? i < to : i > to; i += step)
        {
            result.Add(items[(int)i]);
        }

        return target is MarkedText
            ? result.Cast<MarkedText>().Aggregate(MarkedText.Empty, (all, part) => all.Append(part))
            : result;
    }

    private static long? Bound(TemplateExpression? bound, TemplateScope scope) => bound?.Evaluate(scope) switch
    {
        null => null,
        long number => Math.Clamp(number, int.MinValue, int.MaxValue),
        var other => throw new ChatTemplateException($"The chat template cuts a list at {TemplateValues.KindOf(other)}."),
    };

    private static long Clamp(long bound, int count, long step)
    {
        long position = bound < 0 ? bound + count : bound;
        return step > 0 ? Math.Clamp(position, 0, count) : Math.Clamp(position, -1, count - 1);
    }
}

internal sealed record NotExpression(TemplateExpression Operand) : TemplateExpression
{
    protected override object Compute(TemplateScope scope) => !TemplateValues.IsTrue(Operand.Evaluate(scope));
}

/// <summary><c>and</c>, <c>or</c>: the value of the operand that decides.</summary>
internal sealed record LogicExpression(TemplateExpression Left, TemplateExpression Right, bool IsAnd) : TemplateExpression
{
    protected override object? Compute(TemplateScope scope)
    {
        object? left = Left.Evaluate(scope);
        return TemplateValues.IsTrue(left) == IsAnd ? Right.Evaluate(scope) : left;
    }
}

/// <summary><c>a if b else c</c>.</summary>
internal sealed record ConditionalExpression(TemplateExpression Then, TemplateExpression Condition, TemplateExpression? Else)
    : TemplateExpression
{
    protected override object? Compute(TemplateScope scope) =>
        TemplateValues.IsTrue(Condition.Evaluate(scope)) ? Then.Evaluate(scope) : Else is null ? Undefined.Value : Else.Evaluate(scope);
}

/// <summary>Comparisons, which may be chained: <c>a &lt; b &lt;= c</c>.</summary>
internal sealed record CompareExpression(TemplateExpression First, IReadOnlyList<(string Operator, TemplateExpression Operand)> Rest)
    : TemplateExpression
{
    protected override object Compute(TemplateScope scope)
    {
        object? left = First.Evaluate(scope);
        foreach ((string symbol, TemplateExpression operand) in Rest)
        {
            object? right = operand.Evaluate(scope);
            bool holds = symbol switch
            {
                "==" => TemplateValues.Equals(left, right),
                "!=" => !TemplateValues.Equals(left, right),
                "<" => TemplateValues.Compare(left, right) < 0,
                "<=" => TemplateValues.Compare(left, right) <= 0,
                ">" => TemplateValues.Compare(left, right) > 0,
                ">=" => TemplateValues.Compare(left, right) >= 0,
                "in" => TemplateValues.Contains(right, left),
                _ => !TemplateValues.Contains(right, left),
            };
            if (!holds)
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}
