namespace Dogana.Engine.ChatTemplates;

/// <summary>The names that a part of a template sees, and the steps it may still take.</summary>
internal sealed class TemplateScope
{
    private const int DepthMax = 500;
    private readonly TemplateScope? _outer;
    private readonly Budget _budget;
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public TemplateScope(long stepsMax) => _budget = new Budget(stepsMax);

    private TemplateScope(TemplateScope outer)
    {
        _outer = outer;
        _budget = outer._budget;
    }

    public object? this[string name]
    {
        get
        {
            for (TemplateScope? scope = this; scope is not null; scope = scope._outer)
            {
                if (scope._values.TryGetValue(name, out object? value))
                {
                    return value;
                }
            }

            return Undefined.Value;
        }
        set => _values[name] = value;
    }

    /// <summary>The scope of a loop's body: what is set there is gone after each round.</summary>
    public TemplateScope Inner() => new(this);

    /// <summary>Counts a step, and stops a template that would not end or would grow without bound.</summary>
    public void Step(long cost = 1)
    {
        _budget.Left -= cost;
        if (_budget.Left < 0)
        {
            throw new ChatTemplateException("The chat template takes more steps than are allowed.");
        }
    }

    /// <summary>Goes into an expression inside another, and stops a template that would use up the stack.</summary>
    public void Enter()
    {
        if (++_budget.Depth > DepthMax)
        {
            throw new ChatTemplateException($"The chat template nests more than {DepthMax} expressions.");
        }
    }

    public void Leave() => _budget.Depth--;

    private sealed class Budget(long steps)
    {
        public long Left { get; set; } = steps;

        public int Depth { get; set; }
    }
}
