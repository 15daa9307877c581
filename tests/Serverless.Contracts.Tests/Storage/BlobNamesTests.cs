using Serverless.Contracts.Storage;

namespace Serverless.Contracts.Tests.Storage;

public sealed class BlobNamesTests
{
    [Theory]
    [InlineData("a", true)]
    [InlineData("a/b.jsonl", true)]
    [InlineData("a/..b/.c", true)]
    [InlineData("..", false)]
    [InlineData("../results/x.json", false)]
    [InlineData("a/../../files/x", false)]
    [InlineData("a/./b", false)]
    [InlineData("a/..", false)]
    [InlineData("a\\..\\b", false)]
    [InlineData("a\nb", false)]
    public void IsPlain_Name_IsTold(string name, bool expected) => Assert.Equal(expected, BlobNames.IsPlain(name));
}
