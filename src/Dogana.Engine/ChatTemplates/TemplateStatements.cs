namespace Dogana.Engine.ChatTemplates;

/// <summary>A part of a template that writes or does something.</summary>
internal abstract record TemplateStatement
{
    /// <summary>Writes the statement's text; tells a loop around it whether to go on.</summary>
    public TemplateFlow Render(TemplateScope scope, MarkedText.Builder output)
    {
        scope.Step();
        scope.Enter();
        TemplateFlow flow = Run(scope, output);
        scope.Leave();
        return flow;
    }

    protected abstract TemplateFlow Run(TemplateScope scope, MarkedText.Builder output);
}

internal enum TemplateFlow
{
    Next,
    Continue,
    Break,
}

internal sealed record TextStatement(MarkedText Text) : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output)
    {
        scope.Step(Text.Length / 64);
        output.Append(Text);
        return TemplateFlow.Next;
    }
}

internal sealed record OutputStatement(TemplateExpression Value) : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output)
    {
        MarkedText text = TemplateValues.ToText(Value.Evaluate(scope));
        scope.Step(text.Length / 64);
        output.Append(text);
        return TemplateFlow.Next;
    }
}

internal sealed record BlockStatement(IReadOnlyList<TemplateStatement> Statements) : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output)
    {
        foreach (TemplateStatement statement in Statements)
        {
            TemplateFlow flow = statement.Render(scope, output);
            if (flow != TemplateFlow.Next)
            {
                return flow;
            }
        }

        return TemplateFlow.Next;
    }
}

internal sealed record IfStatement(IReadOnlyList<(TemplateExpression Condition, BlockStatement Then)> Branches, BlockStatement? Else)
    : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output)
    {
        foreach ((TemplateExpression condition, BlockStatement then) in Branches)
        {
            if (TemplateValues.IsTrue(condition.Evaluate(scope)))
            {
                return then.Render(scope, output);
            }
        }

        return Else?.Render(scope, output) ?? TemplateFlow.Next;
    }
}

internal sealed record SetStatement(string Name, string? Member, TemplateExpression Value) : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output)
    {
        object? value = Value.Evaluate(scope);
        if (Member is null)
        {
            scope[Name] = value;
        }
        else if (scope[Name] is TemplateMap { IsNamespace: true } map)
        {
            map[Member] = value;
        }
        else
        {
            throw new ChatTemplateException($"The chat template sets '{Name}.{Member}', but '{Name}' is not a namespace.");
        }

        return TemplateFlow.Next;
    }
}

/// <summary><c>{% set x %}…{% endset %}</c>: the text of a block as a value.</summary>
internal sealed record CaptureStatement(string Name, BlockStatement Body) : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output)
    {
        var captured = new MarkedText.Builder();
        TemplateFlow flow = Body.Render(scope, captured);
        scope[Name] = captured.ToMarkedText();
        return flow;
    }
}

internal sealed record FlowStatement(TemplateFlow Flow) : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output) => Flow;
}

internal sealed record ForStatement(
    IReadOnlyList<string> Names, TemplateExpression Items, TemplateExpression? Condition, BlockStatement Body, BlockStatement? Else)
    : TemplateStatement
{
    protected override TemplateFlow Run(TemplateScope scope, MarkedText.Builder output)
    {
        List<object?> items = TemplateValues.Items(Items.Evaluate(scope));
        if (Condition is not null)
        {
            items = [.. items.Where(item => TemplateValues.IsTrue(Condition.Evaluate(Bind(scope, item))))];
        }

        if (items.Count == 0)
        {
            return Else?.Render(scope, output) ?? TemplateFlow.Next;
        }

        for (int i = 0; i < items.Count; i++)
        {
            TemplateScope inner = Bind(scope, items[i]);
            inner["loop"] = Loop(items, i);
            if (Body.Render(inner, output) == TemplateFlow.Break)
            {
                break;
            }
        }

        return TemplateFlow.Next;
    }

    private static TemplateMap Loop(List<object?> items, int index) => new()
    {
        ["index"] = (long)index + 1,
        ["index0"] = (long)index,
        ["revindex"] = (long)items.Count - index,
        ["revindex0"] = (long)items.Count - index - 1,
        ["first"] = index == 0,
        ["last"] = index == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = index > 0 ? items[index - 1] : Undefined.Value,
        ["nextitem"] = index < items.Count - 1 ? items[index + 1] : Undefined.Value,
    };

    private TemplateScope Bind(TemplateScope scope, object? item)
    {
        TemplateScope inner = scope.Inner();
        if (Names.Count == 1)
        {
            inner[Names[0]] = item;
            return inner;
        }

        List<object?> parts = TemplateValues.Items(item);
        if (parts.Count != Names.Count)
        {
            throw new ChatTemplateException($"The chat template takes {Names.Count} values out of a list of {parts.Count}.");
        }

        foreach ((string name, object? part) in Names.Zip(parts))
        {
            inner[name] = part;
        }

        return inner;
    }
}
