using System.Text;

namespace Dogana.Conduct.Signals;

/// <summary>The data files that are part of the program.</summary>
internal static class ShippedFiles
{
    /// <summary>The bytes of one.</summary>
    public static byte[] Bytes(string name)
    {
        using var stream = typeof(ShippedFiles).Assembly.GetManifestResourceStream("conduct." + name) ?? throw new InvalidOperationException($"{name} is not built into this program.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>The text of one.</summary>
    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name));
}
