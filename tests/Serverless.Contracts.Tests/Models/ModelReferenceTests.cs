using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Contracts.Tests.Models;

public sealed class ModelReferenceTests
{
    [Theory]
    [InlineData("minilm", null, null)]
    [InlineData("minilm:3", 3, null)]
    [InlineData("minilm:prod", null, "prod")]
    public void Parse_Reference_ReadsItsParts(string text, int? version, string? alias)
    {
        var reference = ModelReference.Parse(text);

        Assert.Equal(new ModelReference("minilm", version, alias), reference);
        Assert.Equal(text, reference.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("MiniLM")]
    [InlineData("../minilm")]
    [InlineData("mini/lm")]
    [InlineData(":3")]
    [InlineData("minilm:")]
    [InlineData("minilm:0")]
    [InlineData("minilm:-1")]
    [InlineData("minilm:03")]
    [InlineData("minilm:1.5")]
    [InlineData("minilm:99999999999")]
    [InlineData("minilm\n")]
    public void Parse_ImpossibleReference_IsModelNotFound(string text)
    {
        var exception = Assert.Throws<InferenceException>(() => ModelReference.Parse(text));

        Assert.Equal(ErrorKind.ModelNotFound, exception.Error.Kind);
    }

    [Fact]
    public void Parse_LongNameWithLineBreaks_IsCutAndCleanInTheMessage()
    {
        var exception = Assert.Throws<InferenceException>(() => ModelReference.Parse("x\nforged log line " + new string('y', 1000)));

        Assert.DoesNotContain('\n', exception.Message);
        Assert.True(exception.Message.Length < 200, exception.Message);
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData(null, null)]
    public void Parse_PathParts_ReadsTheVersion(string? version, int? expected) =>
        Assert.Equal(expected, ModelReference.Parse("minilm", version).Version);

    [Theory]
    [InlineData("minilm", "latest")]
    [InlineData("minilm", "0")]
    [InlineData("Mini", null)]
    public void Parse_ImpossiblePathParts_IsModelNotFound(string name, string? version) =>
        Assert.Throws<InferenceException>(() => ModelReference.Parse(name, version));

    [Fact]
    public void IsValid_NameOf65Characters_IsNot() => Assert.False(ModelName.IsValid(new string('a', 65)));
}
