namespace Serverless.Infra.Tests;

/// <summary>
/// Programs that Debian packages bring. A test without its program skips and names the package; <c>.ci/run</c> lets no such skip pass.
/// </summary>
internal static class DebianPackage
{
    /// <summary>Path of <paramref name="program"/>, or a skip.</summary>
    public static string Require(string package, string program)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Skip($"The Debian package {package} is not installed.");
        return path!;
    }
}
