using System.Globalization;

namespace Dogana.Bench.Processes;

/// <summary>nginx with a configuration of a benchmark's own: one process, which is also the one that is measured.</summary>
internal static class Nginx
{
    /// <summary>Starts it with a template in which <c>{port}</c>, <c>{folder}</c> and the given names are replaced.</summary>
    public static async Task<MeasuredProcess> StartAsync(string template, string folder, CancellationToken cancellation, params (string Name, string Value)[] values)
    {
        var address = Loopback.FreeAddress();
        var name = Path.GetFileNameWithoutExtension(template);
        var text = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, template), cancellation);
        (string Name, string Value)[] all = [("port", address.Port.ToString(CultureInfo.InvariantCulture)), ("folder", folder), ("name", name), .. values];
        text = all.Aggregate(text, static (text, value) => text.Replace($"{{{value.Name}}}", value.Value, StringComparison.Ordinal));
        var file = Path.Combine(folder, name + ".conf");
        await File.WriteAllTextAsync(file, text, cancellation);
        return await MeasuredProcess.StartAsync(
            new ProgramStart(name, Program(), ["-p", folder, "-c", file, "-e", Path.Combine(folder, name + ".err")], address), cancellation);
    }

    // Debian keeps it where only root's path leads.
    private static string Program() => File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";
}
