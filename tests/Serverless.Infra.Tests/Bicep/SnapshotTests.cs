using Serverless.TestKit;

namespace Serverless.Infra.Tests.Bicep;

public sealed class SnapshotTests
{
    [Theory]
    [InlineData("first")]
    [InlineData("full")]
    public async Task Snapshot_OfTheTemplate_IsTheCommittedOne(string name)
    {
        var mode = Tree.Updating ? "overwrite" : "validate";
        var result = await BicepTool.SnapshotAsync(Tree.PathOf($"infra/snapshots/{name}.bicepparam"), mode);

        Assert.True(result.ExitCode == 0, $"Look at the difference, then: UPDATE=1 dotnet test tests/Serverless.Infra.Tests\n{result.All}");
        Assert.Empty(Snapshot.Read($"infra/snapshots/{name}.snapshot.json").Root["diagnostics"]!.AsArray());
    }

    [Fact]
    public async Task Snapshot_OfAMutatedTemplate_Differs()
    {
        using var copy = new TemporaryFolder();
        Tree.Copy(Tree.PathOf("infra"), copy.Path);
        Edit.Replace(copy.File("modules/roles.bicep"), "ba92f5b4-2d11-453d-a403-e96b0029c9fe", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b");

        var result = await BicepTool.SnapshotAsync(copy.File("snapshots/first.bicepparam"), "validate");

        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData(Snapshot.First)]
    [InlineData(Snapshot.Full)]
    public void Snapshot_OfAnyParameters_HoldsNoSecret(string file)
    {
        var text = Tree.Read(file);

        Assert.DoesNotContain("listKeys", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("listConnectionStrings", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("not-a-key", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Key", string.Join(' ', Snapshot.Read(file).Root["outputs"]!.AsObject().Select(output => output.Key)),
            StringComparison.OrdinalIgnoreCase);
    }
}
