namespace Dogana.Sundry;

/// <summary>Breach: a module that the map does not know.</summary>
public sealed class Thing;
