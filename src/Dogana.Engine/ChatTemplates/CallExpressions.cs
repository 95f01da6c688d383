namespace Dogana.Engine.ChatTemplates;

/// <summary>The arguments of a call, by position and by name.</summary>
internal sealed record CallArguments(
    string Callee, IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named, TemplateScope Scope)
{
    /// <summary>An argument by position or name, or a value when it is not given.</summary>
    public object? Get(int position, string name, object? otherwise) =>
        position < Positional.Count ? Positional[position] : Named.TryGetValue(name, out object? value) ? value : otherwise;

    public object? Require(int position, string name)
    {
        object? value = Get(position, name, Undefined.Value);
        return value is Undefined ? throw new ChatTemplateException($"The chat template calls {Callee} without '{name}'.") : value;
    }

    public MarkedText RequireText(int position, string name) => Require(position, name) as MarkedText
        ?? throw new ChatTemplateException($"The chat template calls {Callee} with '{name}' that is not a string.");
}

/// <summary>The arguments as they stand in the template.</summary>
internal sealed record ArgumentList(IReadOnlyList<TemplateExpression> Positional, IReadOnlyList<(string Name, TemplateExpression Value)> Named)
{
    public static readonly ArgumentList None = new([], []);

    public CallArguments Evaluate(string callee, TemplateScope scope)
    {
        var named = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, TemplateExpression value) in Named)
        {
            named[name] = value.Evaluate(scope);
        }

        return new CallArguments(callee, Positional.Select(value => value.Evaluate(scope)).ToList(), named, scope);
    }
}

/// <summary>A call of one of the functions that every template has.</summary>
internal sealed record FunctionExpression(string Name, ArgumentList Arguments) : TemplateExpression
{
    protected override object? Compute(TemplateScope scope) => scope[Name] is Func<CallArguments, object?> function
        ? function(Arguments.Evaluate(Name, scope))
        : throw new ChatTemplateException($"The chat template calls '{Name}', which is not a function.");
}

/// <summary><c>a.method(b)</c>.</summary>
internal sealed record MethodExpression(TemplateExpression Target, string Name, ArgumentList Arguments) : TemplateExpression
{
    protected override object? Compute(TemplateScope scope) =>
        TemplateMethods.Call(Target.Evaluate(scope), Name, Arguments.Evaluate(Name, scope));
}

/// <summary><c>a | filter(b)</c>.</summary>
internal sealed record FilterExpression(TemplateExpression Target, string Name, ArgumentList Arguments) : TemplateExpression
{
    protected override object? Compute(TemplateScope scope) =>
        TemplateFilters.Named[Name](Target.Evaluate(scope), Arguments.Evaluate(Name, scope));
}

/// <summary><c>a is test</c>.</summary>
internal sealed record TestExpression(TemplateExpression Target, string Name, ArgumentList Arguments) : TemplateExpression
{
    protected override object Compute(TemplateScope scope) =>
        TemplateTests.Named[Name](Target.Evaluate(scope), Arguments.Evaluate(Name, scope));
}
