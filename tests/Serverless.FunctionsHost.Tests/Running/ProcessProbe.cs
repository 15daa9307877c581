using System.Diagnostics;

namespace Serverless.FunctionsHost.Tests.Running;

internal static class ProcessProbe
{
    public static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }

    public static async Task WaitForEndAsync(int id, CancellationToken cancellationToken)
    {
        while (IsRunning(id)) await Task.Delay(20, cancellationToken);
    }

    private static bool IsRunning(int id)
    {
        try
        {
            // In a container nobody may reap an orphan that has ended: it stays in the table as a zombie.
            if (OperatingSystem.IsLinux()) return File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1][0] != 'Z';
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            return false;
        }
    }
}
