using Serverless.TestKit;

namespace Serverless.Infra.Tests.Bicep;

public sealed class BuildTests
{
    [Fact]
    public async Task Build_OfTheTemplate_HasNoDiagnostic() =>
        Assert.Empty(await BicepTool.DiagnosticsAsync("build", Tree.PathOf("infra/main.bicep")));

    [Fact]
    public async Task Lint_OfTheTemplate_HasNoDiagnostic() => Assert.Empty(await BicepTool.LintAsync(Tree.PathOf("infra/main.bicep")));

    [Fact]
    public async Task Build_OfTheParameters_HasNoDiagnostic() =>
        Assert.Empty(await BicepTool.DiagnosticsAsync("build-params", Tree.PathOf("infra/main.bicepparam")));

    [Theory]
    [InlineData("worker.bicep", "minReplicas: scale.minReplicas", "minReplica: scale.minReplicas", "BCP037")]
    [InlineData("service-bus.bicep", "disableLocalAuth: true", "disableLocalAuth: 'true'", "BCP036")]
    [InlineData("registry.bicep", "registries@2025-04-01", "registries@2025-04-31", "BCP081")]
    public async Task Build_OfAMutatedModule_IsFound(string module, string right, string wrong, string rule)
    {
        using var copy = new TemporaryFolder();
        Tree.Copy(Tree.PathOf("infra"), copy.Path);
        Edit.Replace(copy.File($"modules/{module}"), right, wrong);

        var found = await BicepTool.DiagnosticsAsync("build", copy.File($"modules/{module}"));

        Assert.Contains(found, diagnostic => diagnostic.StartsWith(rule, StringComparison.Ordinal)
            || diagnostic.Contains("did you mean", StringComparison.OrdinalIgnoreCase));
    }
}
