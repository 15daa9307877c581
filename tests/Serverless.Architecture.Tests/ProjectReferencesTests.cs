using System.Xml.Linq;
using Serverless.Topology.Layout;

namespace Serverless.Architecture.Tests;

/// <summary>Who may reference whom. A reference that only orders builds (ReferenceOutputAssembly=false) does not count.</summary>
public sealed class ProjectReferencesTests
{
    /// <summary>Every arrow that is allowed out of what ships and out of the stand-ins. Samples and TestKit stand outside.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Serverless.Contracts"] = [],
        ["Serverless.Telemetry"] = ["Serverless.Contracts"],
        ["Serverless.Trust"] = ["Serverless.Contracts"],
        ["Serverless.Models"] = ["Serverless.Contracts"],
        ["Serverless.Inference"] = ["Serverless.Contracts", "Serverless.Models"],
        ["Serverless.Optimization"] = ["Serverless.Contracts", "Serverless.Models", "Serverless.Inference"],
        ["Serverless.Gateway"] = ["Serverless.Contracts", "Serverless.Models", "Serverless.Telemetry", "Serverless.Trust"],
        ["Serverless.Worker"] = ["Serverless.Contracts", "Serverless.Models", "Serverless.Inference", "Serverless.Telemetry", "Serverless.Trust"],
        ["Serverless.Topology"] = ["Serverless.Contracts", "Serverless.Scaling"],
        ["Serverless.FunctionsHost"] = ["Serverless.Topology"],
        ["Serverless.ServiceBusEmulator"] = ["Serverless.Topology"],
        ["Serverless.AppHost"] = ["Serverless.Topology"],
        ["Serverless.Scaling"] = [],
        ["Serverless.Simulation"] = ["Serverless.Scaling"],
        ["Serverless.ContainerHost"] = ["Serverless.Topology", "Serverless.Scaling"],
        ["Serverless.Cli"] =
        [
            "Serverless.Contracts", "Serverless.Models", "Serverless.Inference", "Serverless.Optimization", "Serverless.Topology",
            "Serverless.Scaling", "Serverless.Simulation", "Serverless.SampleModels",
        ],
        ["Serverless.SampleModels"] = [],
        ["TinyLm"] = ["Serverless.SampleModels"],
    };

    private static readonly Repository Tree = Repository.Find();

    public static TheoryData<string> Projects() => [.. Allowed.Keys.Where(Exists)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfProject_AreAllowed(string project)
    {
        var references = ReferencesOf(PathOf(project));

        Assert.Empty(references.Except(Allowed[project]));
    }

    [Fact]
    public void Projects_OutsideOfTests_AllHaveTheirArrowsStated()
    {
        var projects = new[] { "functions", "shared", "tools", "samples" }.SelectMany(ProjectsIn).Select(Path.GetFileNameWithoutExtension);

        Assert.Empty(projects.Except(Allowed.Keys));
    }

    [Theory]
    [InlineData("Serverless.Contracts", "Azure.", "Microsoft.ML.", "Microsoft.AspNetCore")]
    [InlineData("Serverless.Models", "Microsoft.ML.", "Microsoft.AspNetCore")]
    [InlineData("Serverless.Inference", "Azure.", "Microsoft.AspNetCore")]
    [InlineData("Serverless.Optimization", "Azure.", "Microsoft.ML.", "Microsoft.AspNetCore")]
    public void Packages_OfProject_KeepOutWhatItMustNotKnow(string project, params string[] banned)
    {
        var packages = Elements(PathOf(project), "PackageReference").Select(element => (string)element.Attribute("Include")!);

        Assert.DoesNotContain(packages, package => banned.Any(prefix => package.StartsWith(prefix, StringComparison.Ordinal)));
    }

    [Fact]
    public void OnnxRuntime_InInference_IsNamedInItsOnnxFolderOnly()
    {
        var inference = Path.Combine(Tree.Root, "shared", "Serverless.Inference");
        var strangers = Directory.EnumerateFiles(inference, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(inference, file))
            .Where(file => !file.StartsWith("Onnx", StringComparison.Ordinal) && !file.StartsWith("obj", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(Path.Combine(inference, file)).Contains("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal));

        Assert.Empty(strangers);
    }

    // Its passes change graphs; whatever runs one asks the engine.
    [Fact]
    public void OnnxRuntime_InOptimization_IsNotNamed()
    {
        var strangers = Directory.EnumerateFiles(Path.Combine(Tree.Root, "shared", "Serverless.Optimization"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => File.ReadAllText(file).Contains("Microsoft.ML.OnnxRuntime", StringComparison.Ordinal));

        Assert.Empty(strangers);
    }

    // It brings the CPU build of ONNX Runtime, whose native library has the name of the other build's: who starts it must not load it.
    [Fact]
    public void GenAiBaseline_OfAllProjects_IsReferencedByNone()
    {
        var projects = new[] { "functions", "shared", "tools", "samples", "tests" }.SelectMany(ProjectsIn);

        Assert.DoesNotContain(projects, project => ReferencesOf(project).Contains("Serverless.GenAiBaseline"));
    }

    private static bool Exists(string project) => AllProjects().Any(path => Path.GetFileNameWithoutExtension(path) == project);

    private static string PathOf(string project) => AllProjects().Single(path => Path.GetFileNameWithoutExtension(path) == project);

    private static IEnumerable<string> AllProjects() => new[] { "functions", "shared", "tools", "samples" }.SelectMany(ProjectsIn);

    private static IEnumerable<string> ProjectsIn(string folder) =>
        Directory.EnumerateDirectories(Path.Combine(Tree.Root, folder)).SelectMany(project => Directory.EnumerateFiles(project, "*.csproj"));

    private static IEnumerable<string> ReferencesOf(string project) =>
        Elements(project, "ProjectReference")
            .Where(element => (string?)element.Attribute("ReferenceOutputAssembly") != "false")
            .Select(element => Path.GetFileNameWithoutExtension((string)element.Attribute("Include")!));

    private static IEnumerable<XElement> Elements(string project, string name) => XDocument.Load(project).Descendants(name);
}
