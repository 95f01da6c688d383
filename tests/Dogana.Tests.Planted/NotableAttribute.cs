namespace Dogana;

[AttributeUsage(AttributeTargets.Class)]
public sealed class NotableAttribute(Type type) : Attribute
{
    public Type Type { get; } = type;
}
