using Dogana.Insight;

namespace Dogana.Parties;

/// <summary>Breach: a typeof inside an attribute of the root.</summary>
[Notable(typeof(List<Chart.Axis>))]
public sealed class Party;
