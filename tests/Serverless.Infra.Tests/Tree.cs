using Serverless.Topology.Layout;

namespace Serverless.Infra.Tests;

/// <summary>Files of the source tree, and whether this run writes what is generated instead of checking it.</summary>
internal static class Tree
{
    public static Repository Repository { get; } = Repository.Find();

    /// <summary><c>UPDATE=1 dotnet test tests/Serverless.Infra.Tests</c> writes snapshots and dashboards anew.</summary>
    public static bool Updating { get; } = Environment.GetEnvironmentVariable("UPDATE") == "1";

    public static string PathOf(string file) => Path.Combine(Repository.Root, file);

    public static string Read(string file) => File.ReadAllText(PathOf(file));

    /// <summary>Copies a folder, so that a test can break the copy.</summary>
    public static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
