namespace Serverless.Infra.Tests.Bicep;

public sealed class RoleTests
{
    [Fact]
    public void Roles_OfEverything_AreExactlyTheDocumentedOnes() =>
        Assert.Equal(RoleTable.Documented(), RoleTable.Of(Snapshot.Read(Snapshot.Full)));

    [Fact]
    public void Roles_OfTheFirstDeployment_AreAmongTheDocumentedOnes() =>
        Assert.Empty(RoleTable.Of(Snapshot.Read(Snapshot.First)).Except(RoleTable.Documented()));

    [Theory]
    [InlineData("ba92f5b4-2d11-453d-a403-e96b0029c9fe", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b")]
    [InlineData("id-worker-", "id-gateway-")]
    [InlineData("/containers/batches/", "/containers/models/")]
    public void Roles_OfAMutatedSnapshot_AreNot(string right, string wrong)
    {
        var snapshot = Snapshot.Read(Snapshot.Full);
        var assignment = snapshot.OfType("Microsoft.Authorization/roleAssignments")
            .First(candidate => candidate.ToJsonString().Contains(right, StringComparison.Ordinal));
        var mutated = assignment.ToJsonString().Replace(right, wrong, StringComparison.Ordinal);
        assignment.ReplaceWith(System.Text.Json.Nodes.JsonNode.Parse(mutated));

        Assert.NotEqual(RoleTable.Documented(), RoleTable.Of(snapshot));
    }
}
