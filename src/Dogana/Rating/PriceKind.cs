namespace Dogana.Rating;

/// <summary>How the units of a billing period become an amount. Stored by name; grows by appending.</summary>
public enum PriceKind
{
    /// <summary>Each unit costs the same.</summary>
    Unit = 1,

    /// <summary>Every started package of <see cref="Price.Per"/> units costs <see cref="Price.Amount"/>.</summary>
    Package = 2,

    /// <summary>The units in each tier cost what that tier says.</summary>
    Graduated = 3,

    /// <summary>All units cost what the tier says into which their total falls.</summary>
    Volume = 4,

    /// <summary><see cref="Price.Amount"/> once, as soon as one unit is used.</summary>
    Flat = 5,
}
