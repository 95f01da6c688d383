using System.Globalization;
using System.Net.Sockets;

/// <summary>
/// Loaded by the runtime into a process that is measured (DOTNET_STARTUP_HOOKS). One sleeping thread: whoever connects to the socket is told, on one
/// line, how many bytes the process has allocated since it began.
/// </summary>
#pragma warning disable CA1050, MA0047 // the runtime looks for this very name
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable("DOGANA_BENCH_PROBE") is { Length: > 0 } path)
        {
            new Thread(() => Answer(path)) { IsBackground = true, Name = "bench probe" }.Start();
        }
    }

    private static void Answer(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        while (true)
        {
            using var caller = listener.Accept();
            caller.Send(System.Text.Encoding.ASCII.GetBytes(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture)));
        }
    }
}
