namespace Serverless.Infra.Tests.Containers;

/// <summary>Publishes an app with the arguments of its Dockerfile, into a tree that nobody can write to.</summary>
internal static class Publishing
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private const UnixFileMode Listable = Readable | Executable;

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public static async Task RunAsync(string app, string folder)
    {
        var arguments = Dockerfile.Read($"functions/{app}/Dockerfile").PublishArguments.Split(' ');
        Assert.Equal($"functions/{app}", arguments[0]);
        // What was restored for the build serves, and analysers had their say in it. Compiling ahead takes a minute and changes no answer.
        var result = await Command.RunAsync("dotnet",
            ["publish", .. arguments, "-o", folder, "--no-restore", "--nologo", "-v", "q", "-p:RunAnalyzers=false", "-p:PublishReadyToRun=false"]);
        Assert.True(result.ExitCode == 0, result.All);
    }

    public static void MakeReadOnly(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(file, Readable | (File.GetUnixFileMode(file) & Executable));
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            File.SetUnixFileMode(inner, Listable);
    }

    /// <summary>So that it can be deleted again.</summary>
    public static void MakeWritable(string folder)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            File.SetUnixFileMode(inner, Listable | UnixFileMode.UserWrite);
    }
}
