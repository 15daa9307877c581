using Serverless.Inference.Diagnostics;

namespace Serverless.Inference.Tests.Diagnostics;

public sealed class VersionLabelsTests
{
    [Fact]
    public void Of_VeryManyVersions_IsBoundedByModel()
    {
        var labels = new VersionLabels();

        var made = Enumerable.Range(1, 100).Select(version => labels.Of("m", version)).ToHashSet();

        Assert.Equal(33, made.Count);
        Assert.Equal(("1", VersionLabels.Other), (labels.Of("m", 1), labels.Of("m", 100)));
        Assert.Equal("100", labels.Of("n", 100));
    }
}
