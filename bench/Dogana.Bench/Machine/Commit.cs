using System.Diagnostics;
using Dogana.Bench.Processes;

namespace Dogana.Bench.Machine;

/// <summary>The commit that was measured.</summary>
internal static class Commit
{
    /// <summary>Its short hash, with a plus sign when files differ from it; <c>unknown</c> outside of a checkout.</summary>
    public static async Task<string> ReadAsync()
    {
        var start = new ProcessStartInfo("git", ["-C", Built.Root, "describe", "--always", "--abbrev=10", "--dirty=+", "--exclude=*"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        try
        {
            using var git = Process.Start(start)!;
            var output = await git.StandardOutput.ReadToEndAsync();
            await git.WaitForExitAsync();
            return git.ExitCode == 0 ? output.Trim() : "unknown";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }
}
