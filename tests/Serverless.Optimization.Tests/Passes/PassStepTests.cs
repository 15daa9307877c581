using Serverless.Optimization.Passes;

namespace Serverless.Optimization.Tests.Passes;

public sealed class PassStepTests
{
    [Fact]
    public void Parse_WithParameters_SetsThemAndKeepsTheOthers()
    {
        var step = PassStep.Parse("int4:block=64,symmetric=false");

        Assert.Equal(("64", "false", "true"), (step.Parameters["block"], step.Parameters["symmetric"], step.Parameters["embeddings"]));
        Assert.Equal("int4:block=64,symmetric=false", step.ToString());
    }

    [Theory]
    [InlineData("int3", "There is no pass 'int3': those there are int8, int4")]
    [InlineData("int4:blok=64", "no parameter 'blok': those it has are block (16, 32, 64, 128, 256)")]
    [InlineData("int4:block=48", "block of the pass int4 must be 16, 32, 64, 128, 256, not '48'")]
    [InlineData("int4:block", "block of the pass int4 must be")]
    [InlineData("int8:min=-1", "min of the pass int8 must be a number from 1")]
    public void Parse_OfWhatCannotBe_SaysWhatCan(string text, string why)
    {
        var error = Assert.Throws<ArgumentException>(() => PassStep.Parse(text));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }
}
