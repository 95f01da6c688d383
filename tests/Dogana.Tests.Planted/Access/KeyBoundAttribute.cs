namespace Dogana.Access;

[AttributeUsage(AttributeTargets.Class)]
public sealed class KeyBoundAttribute : Attribute;
