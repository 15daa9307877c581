namespace Serverless.Topology.Layout;

/// <summary>Where the source tree of this platform lies on this machine, and what was built in it.</summary>
public sealed class Repository
{
    private readonly string _configuration;

    private Repository(string root, string configuration)
    {
        Root = root;
        _configuration = configuration;
    }

    /// <summary>The folder that holds <c>Serverless.sln</c>.</summary>
    public string Root { get; }

    /// <summary>Finds the tree that the running program was built in.</summary>
    /// <exception cref="InvalidOperationException">The program does not run from a source tree.</exception>
    public static Repository Find()
    {
        var separator = Path.DirectorySeparatorChar;
        var configuration = AppContext.BaseDirectory.Contains($"{separator}bin{separator}Release{separator}", StringComparison.Ordinal)
            ? "Release"
            : "Debug";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
                return new Repository(folder.FullName, configuration);
        }

        throw new InvalidOperationException(
            $"No Serverless.sln above {AppContext.BaseDirectory}: the local platform runs from a clone of the source tree.");
    }

    /// <summary>The output folder of a project, of the same configuration as the running program.</summary>
    /// <param name="project">Path of the project's folder from the root, with slashes.</param>
    public string OutputOf(string project) => Path.Combine(Root, project, "bin", _configuration, "net10.0");

    /// <summary>The main assembly of a project.</summary>
    /// <exception cref="FileNotFoundException">The project was not built.</exception>
    public string AssemblyOf(string project)
    {
        var path = Path.Combine(OutputOf(project), Path.GetFileName(project) + ".dll");
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException($"{project} is not built: run `dotnet build -c {_configuration}` in {Root}.", path);
    }
}
