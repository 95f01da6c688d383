using System.Globalization;

namespace Dogana.Exports.Focus;

/// <summary>A row of FOCUS: its cells in the order of <see cref="FocusColumns.All"/>; null is null.</summary>
internal sealed class FocusRow
{
    public FocusRow() => Cells = new string?[FocusColumns.All.Count];

    public FocusRow(string?[] cells) => Cells = cells;

    public string?[] Cells { get; }

    public string? this[string column]
    {
        get => Cells[FocusColumns.PlaceOf(column)];
        set => Cells[FocusColumns.PlaceOf(column)] = value;
    }

    public FocusRow Copy() => new([.. Cells]);

    public static string Number(decimal value) => value.ToString("0.############################", CultureInfo.InvariantCulture);

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
