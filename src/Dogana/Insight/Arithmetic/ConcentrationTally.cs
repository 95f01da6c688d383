using System.Numerics;

namespace Dogana.Insight.Arithmetic;

/// <summary>What a concentration is made of, added up party by party in parts of 10⁻¹², so that nobody has to be held: sums and squares are exact, and divided once.</summary>
internal sealed class ConcentrationTally
{
    // The index is customarily given of shares in per cent: 100².
    private const int IndexScale = 10_000;

    private static readonly UInt128 Room = UInt128.MaxValue / 2;

    private readonly Int128[] _largest;
    private BigInteger _squares;
    private UInt128 _recentSquares;

    /// <summary>The tally of nobody.</summary>
    /// <param name="largest">How many of the largest to keep, for CRn.</param>
    public ConcentrationTally(int largest) => _largest = new Int128[largest];

    /// <summary>What those above zero come to.</summary>
    public Int128 Total { get; private set; }

    /// <summary>How many they are.</summary>
    public int Parties { get; private set; }

    /// <summary>What the others come to.</summary>
    public Int128 LeftOutTotal { get; private set; }

    /// <summary>How many they are.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The Herfindahl-Hirschman index × 10,000; 0 where nobody has a share.</summary>
    public double Index => ExactRatio.Of(Squares * IndexScale, Square) ?? 0;

    /// <summary>(H − 1/N)/(1 − 1/N); 1 of one party, 0 where nobody has a share.</summary>
    public double Normalised => Parties == 1 ? 1 : ExactRatio.Of(Squares * Parties - Square, Square * (Parties - 1)) ?? 0;

    /// <summary>1/Σ s²; 0 where nobody has a share.</summary>
    public double EffectiveParties => ExactRatio.Of(Square, Squares) ?? 0;

    private BigInteger Squares => _squares + _recentSquares;

    private BigInteger Square => (BigInteger)Total * Total;

    /// <summary>Adds a party, which comes once.</summary>
    public void Add(Int128 pico)
    {
        if (pico <= 0)
        {
            (LeftOut, LeftOutTotal) = (LeftOut + 1, LeftOutTotal + pico);
            return;
        }

        (Parties, Total) = (Parties + 1, Total + pico);
        if (pico > long.MaxValue)
        {
            _squares += (BigInteger)pico * pico;
        }
        else
        {
            _recentSquares += (UInt128)pico * (UInt128)pico;
            if (_recentSquares > Room)
            {
                (_squares, _recentSquares) = (_squares + _recentSquares, 0);
            }
        }

        for (var place = _largest.Length - 1; place >= 0 && pico > _largest[place]; place--)
        {
            if (place + 1 < _largest.Length)
            {
                _largest[place + 1] = _largest[place];
            }

            _largest[place] = pico;
        }
    }

    /// <summary>CRn: the share of the n largest, as far as they were kept.</summary>
    public double Largest(int count) => ExactRatio.Of(_largest.Take(count).Aggregate(BigInteger.Zero, static (all, pico) => all + pico), Total) ?? 0;

    /// <summary>A party's share.</summary>
    public double ShareOf(Int128 pico) => ExactRatio.Of(pico, Total) ?? 0;

    /// <summary>The index of the others; null where there are none.</summary>
    public double? IndexWithout(Int128 pico) => ExactRatio.Of((Squares - (BigInteger)pico * pico) * IndexScale, BigInteger.Pow(Total - pico, 2));

    /// <summary>Does a party bring a tenth or more?</summary>
    public bool IsDisclosed(Int128 pico) => pico * 10 >= Total;
}
