namespace Dogana.Tests.House;

/// <summary>A type that is not nested, or the outermost type around a nested one: closures and state machines count as the type that they are in.</summary>
/// <param name="Assembly">Where it is from; null for the assembly that was read.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
internal sealed record TypeName(string? Assembly, string Namespace, string Name)
{
    /// <summary>The module: "" for the namespace Dogana itself, null outside of Dogana.</summary>
    public string? Module => Namespace.Split('.') switch
    {
        ["Dogana"] => "",
        ["Dogana", var module, ..] => module,
        _ => null,
    };

    /// <summary>Is it where other modules may use it: in Dogana or Dogana.Module, no deeper?</summary>
    public bool IsOnFace => Namespace.Count(static character => character == '.') <= 1;

    public override string ToString() => $"{Namespace}.{Name}";
}

/// <summary>One type mentions another one, in whatever way.</summary>
internal sealed record TypeUse(TypeName From, TypeName To);
