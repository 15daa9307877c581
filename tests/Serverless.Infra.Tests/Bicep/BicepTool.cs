using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Serverless.Infra.Tests.Bicep;

/// <summary>The Bicep compiler out of its NuGet package.</summary>
internal static class BicepTool
{
    private const string Nobody = "00000000-0000-0000-0000-000000000000";

    /// <summary>Builds a file or its parameters, and gives back every diagnostic, warnings included.</summary>
    public static async Task<IReadOnlyList<string>> DiagnosticsAsync(string command, string file)
    {
        var result = await RunAsync(command, file, "--diagnostics-format", "sarif", "--stdout");
        return Results(result);
    }

    /// <summary>Lints a file, and gives back every diagnostic.</summary>
    public static async Task<IReadOnlyList<string>> LintAsync(string file) =>
        Results(await RunAsync("lint", file, "--diagnostics-format", "sarif"));

    public static Task<CommandResult> SnapshotAsync(string parameters, string mode) => RunAsync(
        "snapshot", parameters, "--mode", mode, "--subscription-id", Nobody, "--tenant-id", Nobody, "--location", "swedencentral");

    public static Task<CommandResult> FormatAsync(string file) => RunAsync("format", file, "--stdout");

    private static List<string> Results(CommandResult result)
    {
        // The report goes to standard error of `build`, to standard output of `lint`; a file that does not parse may leave none.
        var text = result.Errors.TrimStart().StartsWith('{') ? result.Errors : result.Output;
        var report = JsonNode.Parse(text)!;
        return
        [
            .. report["runs"]!.AsArray().SelectMany(run => run!["results"]!.AsArray())
                .Select(found => $"{found!["ruleId"]}: {found["message"]!["text"]}"),
        ];
    }

    private static Task<CommandResult> RunAsync(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
            Assert.Skip("The Bicep compiler comes as a NuGet package for Linux x64.");
        var path = typeof(BicepTool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "BicepPath").Value!;
        // Packages keep no mode bits.
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.UserExecute);
        return Command.RunAsync(path, arguments);
    }
}
