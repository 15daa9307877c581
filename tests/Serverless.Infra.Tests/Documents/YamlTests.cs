namespace Serverless.Infra.Tests.Documents;

public sealed class YamlTests
{
    [Fact]
    public async Task Yaml_OfTheProject_PassesYamllint()
    {
        var yamllint = DebianPackage.Require("yamllint", "yamllint");

        var result = await Command.RunAsync(
            yamllint, "--strict", "-c", "tests/Serverless.Infra.Tests/yamllint.yml", "azure.yaml", "compose.yaml", "infra", ".github");

        Assert.True(result.ExitCode == 0, result.All);
    }
}
