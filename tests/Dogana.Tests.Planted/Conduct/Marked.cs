using Dogana.Access;

namespace Dogana.Conduct;

/// <summary>Breach: an attribute of a module that Conduct may not call.</summary>
[KeyBound]
public sealed class Marked;
