namespace Dogana.Server.Verbs;

/// <summary>Rows in aligned columns, for people. Columns named with a trailing <c>&gt;</c> stand to the right, as numbers should.</summary>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public TextTable Add(params string[] cells)
    {
        _rows.Add(cells);
        return this;
    }

    public void Write(TextWriter output, string indent = "")
    {
        var names = columns.Select(static column => column.TrimEnd('>')).ToArray();
        var widths = names.Select((name, index) => Math.Max(name.Length, _rows.Count == 0 ? 0 : _rows.Max(row => row[index].Length))).ToArray();
        WriteRow(output, indent, names, widths);
        foreach (var row in _rows)
        {
            WriteRow(output, indent, row, widths);
        }
    }

    private void WriteRow(TextWriter output, string indent, string[] cells, int[] widths)
    {
        var padded = cells.Select((cell, index) => columns[index].EndsWith('>') ? cell.PadLeft(widths[index]) : cell.PadRight(widths[index]));
        output.WriteLine(indent + string.Join("  ", padded).TrimEnd());
    }
}
