using System.Diagnostics;
using Serverless.Topology.Layout;

namespace Serverless.Benchmarks.Burst;

/// <summary>Publishes an app with the arguments of its Dockerfile.</summary>
internal static class PublishedApp
{
    /// <returns>The path of its main assembly.</returns>
    public static async Task<string> PublishAsync(string project, string folder, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(project);
        var output = Path.Combine(folder, name);
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", "linux-x64", "--self-contained", "false", "-o", output, "--nologo", "-v", "q",
            "-p:RunAnalyzers=false",
        ];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = Repository.Find().Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? Path.Combine(output, name + ".dll")
            : throw new InvalidRunException($"{name} could not be published: {string.Concat(said).Trim()}");
    }
}
