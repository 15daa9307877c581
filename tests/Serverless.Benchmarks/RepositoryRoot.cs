namespace Serverless.Benchmarks;

/// <summary>Where the repository lies, found upwards from the program: suites start other programs' Release builds from there.</summary>
internal static class RepositoryRoot
{
    public static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "Serverless.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException($"No Serverless.sln lies above {AppContext.BaseDirectory}.");
    }

    /// <summary>The build output of a tool in this program's own configuration.</summary>
    public static string ToolAssembly(string project)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var path = Path.Combine(Find(), "tools", project, "bin", configuration, "net10.0", $"{project}.dll");
        return File.Exists(path) ? path : throw new FileNotFoundException($"{project} has not been built: {path} is missing.");
    }
}
