namespace Serverless.Topology.Layout;

/// <summary>The folder of this user's local platform: Azurite's data and the development key. Outside of the source tree.</summary>
public static class UserFolder
{
    /// <summary>Environment variable that names another folder.</summary>
    public const string Variable = "INFER_HOME";

    /// <summary>The folder, created if absent and readable by this user alone.</summary>
    public static string Path { get; } = Create();

    private static string Create()
    {
        var path = Environment.GetEnvironmentVariable(Variable) ?? System.IO.Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify),
            "serverless-inference");
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
