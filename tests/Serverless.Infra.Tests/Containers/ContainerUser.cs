using Serverless.Topology.Processes;

namespace Serverless.Infra.Tests.Containers;

/// <summary>Runs a program as its container would: another user than root, its own environment and nothing else.</summary>
internal static class ContainerUser
{
    /// <summary>The user of both Dockerfiles.</summary>
    public const string Id = "1654";

    public static bool CanSwitch => Environment.UserName == "root" && File.Exists("/usr/bin/setpriv");

    /// <summary>The dotnet that runs this test.</summary>
    public static string Dotnet { get; } =
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "../../../dotnet"));

    public static ServiceCommand Command(
        string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Uri ready)
    {
        IEnumerable<string> bare =
            ["-i", .. environment.Select(variable => $"{variable.Key}={variable.Value}"), program, .. arguments];
        var (start, all) = CanSwitch
            ? ("/usr/bin/setpriv",
                (IEnumerable<string>)["--reuid", Id, "--regid", Id, "--clear-groups", "--no-new-privs", "/usr/bin/env", .. bare])
            : ("/usr/bin/env", bare);
        return new ServiceCommand(name, start, [.. all], Path.GetDirectoryName(program)!, new Dictionary<string, string>(), ready);
    }

    /// <summary>A folder that the container's user may write to.</summary>
    public static string Writable(string folder)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        return folder;
    }
}
