namespace Dogana.Engine.Matrices;

/// <summary>Where a byte lies in a panel: columns four by four, in each four the rows one after the other.</summary>
internal static class PanelPlace
{
    public static int Of(int row, int column) => (column / 4 * 64) + (row * 4) + (column % 4);
}
