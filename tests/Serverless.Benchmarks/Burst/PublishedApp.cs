using System.Diagnostics;
using Serverless.Topology.Layout;

namespace Serverless.Benchmarks.Burst;

/// <summary>Publishes an app with the arguments of its Dockerfile.</summary>
internal static class PublishedApp
{
    /// <summary>The program of <paramref name="project"/> where it was published into a folder of its name.</summary>
    public static string In(string folder, string project) =>
        Path.Combine(folder, Path.GetFileName(project), Path.GetFileName(project));

    /// <returns>The program's path.</returns>
    public static async Task<string> PublishAsync(string project, string folder, CancellationToken cancellationToken)
    {
        var program = In(folder, project);
        string[] arguments =
        [
            "publish", project, "-c", "Release", "-r", "linux-x64", "--self-contained", "true", "-o", Path.GetDirectoryName(program)!, "--nologo", "-v", "q",
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
            ? program
            : throw new InvalidRunException($"{project} could not be published: {string.Concat(said).Trim()}");
    }
}
