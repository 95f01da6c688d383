using Dogana.Metering;

namespace Dogana.Rating;

/// <summary>Breach: a base type.</summary>
public sealed record RatedUsage(long Tokens) : Usage(Tokens);
