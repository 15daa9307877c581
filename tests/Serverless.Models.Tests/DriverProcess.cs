using System.Diagnostics;
using Serverless.Topology.Layout;

namespace Serverless.Models.Tests;

/// <summary>A process that publishes or loads, killed when it has said enough.</summary>
internal static class DriverProcess
{
    private static readonly string Driver =
        Path.Combine(Repository.Find().OutputOf("tests/Serverless.ModelsDriver"), "Serverless.ModelsDriver.dll");

    /// <summary>Runs it until it has said <paramref name="lines"/> lines, then kills it as by SIGKILL.</summary>
    /// <returns>The last line it said.</returns>
    public static async Task<string> KillAfterAsync(int lines, CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Start(arguments);
        var last = "";
        for (var line = 0; line < lines && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } said; line++)
            last = said;
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(cancellationToken);
        return last;
    }

    private static Process Start(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (var argument in arguments.Prepend(Driver))
            start.ArgumentList.Add(argument);
        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }
}
