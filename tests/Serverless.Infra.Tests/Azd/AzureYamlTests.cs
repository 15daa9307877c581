using System.Text.Json.Nodes;
using Serverless.Infra.Tests.Bicep;
using Serverless.Infra.Tests.Documents;

namespace Serverless.Infra.Tests.Azd;

public sealed class AzureYamlTests
{
    private static readonly Schema Fields = new("tests/Serverless.Infra.Tests/Azd/azure-yaml.schema.json");

    [Fact]
    public void Fields_OfTheProject_AllExist() => Assert.Empty(Fields.Faults(Project()));

    [Theory]
    [InlineData("host", "\"containerapps\"")]
    [InlineData("projects", "\".\"")]
    public void Fields_OfAMutatedService_DoNot(string name, string value)
    {
        var project = Project();
        project["services"]!["worker"]![name] = JsonNode.Parse(value);

        Assert.NotEmpty(Fields.Faults(project));
    }

    [Fact]
    public void Files_OfTheProject_AreThere()
    {
        var project = Project();
        Assert.True(File.Exists(Tree.PathOf($"{project["infra"]!["path"]}/{project["infra"]!["module"]}.bicep")));
        foreach (var (_, service) in project["services"]!.AsObject())
        {
            var folder = Tree.PathOf((string)service!["project"]!);
            Assert.True(File.Exists(Path.Combine(folder, (string)service["docker"]!["path"]!)));
            Assert.True(File.Exists(Path.Combine(folder, (string)service["docker"]!["context"]!, "Serverless.sln")));
        }

        foreach (var script in project["hooks"]!.AsObject().SelectMany(hook => hook.Value!.AsObject())
            .Select(script => (string)script.Value!["run"]!))
            Assert.True(File.Exists(Tree.PathOf(script)), script);
    }

    [Fact]
    public void Services_OfTheProject_AreTheTaggedApps()
    {
        var tagged = Snapshot.Read(Snapshot.First).Resources
            .Select(resource => (string?)resource["tags"]?["azd-service-name"]).OfType<string>();

        Assert.Equal(Project()["services"]!.AsObject().Select(service => service.Key).Order(), tagged.Order());
    }

    [Fact]
    public void Resources_OfTheEnvironment_CarryItsName()
    {
        // Children of tagged resources, and what takes no tags.
        string[] untagged = ["/blobServices", "/queueServices", "/tableServices", "/managementPolicies", "/queues", "roleAssignments",
            "diagnosticSettings"];

        foreach (var resource in Snapshot.Read(Snapshot.First).Resources
            .Where(resource => !untagged.Any(((string)resource["type"]!).Contains)))
            Assert.True((string?)resource["tags"]?["azd-env-name"] == "first", (string)resource["id"]!);
    }

    [Fact]
    public void Parameters_OfAzd_AreDocumented()
    {
        var names = System.Text.RegularExpressions.Regex.Matches(Tree.Read("infra/main.bicepparam"),
            "readEnvironmentVariable\\('(\\w+)'").Select(match => match.Groups[1].Value);
        var guide = Tree.Read("docs/deploy.md");

        Assert.All(names, name => Assert.Contains($"`{name}`", guide, StringComparison.Ordinal));
    }

    private static JsonNode Project() => Yaml.Read(Tree.PathOf("azure.yaml"))[0];
}
