using Serverless.Contracts.Errors;
using Serverless.Gateway.Http;

namespace Serverless.Gateway.Tests.Http;

public sealed class RouteTableTests
{
    [Theory]
    [InlineData("/v2", "GET")]
    [InlineData("/v2/", "GET")]
    [InlineData("/v2/models/minilm", "GET")]
    [InlineData("/v2/models/minilm/infer", "POST")]
    [InlineData("/v2/models/minilm/versions/3/infer", "POST")]
    [InlineData("/v2/models/minilm/versions/3/ready", "GET")]
    [InlineData("/v2/models/minilm/generate", "POST")]
    [InlineData("/v2/models/minilm/generate_stream", "POST")]
    [InlineData("/v2/models/minilm/versions/3/generate_stream", "POST")]
    [InlineData("/v1/completions", "POST")]
    [InlineData("/v1/chat/completions", "POST")]
    [InlineData("/v1/embeddings", "POST")]
    [InlineData("/v2/repository/models/minilm:prod/load", "POST")]
    [InlineData("/v2/repository/models/minilm/settings", "GET, PATCH")]
    [InlineData("/v2/repository/models/minilm/shadow", "GET")]
    public void Find_KnownPath_AreThoseOfTheApi(string path, string methods) =>
        Assert.Equal(methods, string.Join(", ", RouteTable.Find(path).Methods));

    [Theory]
    [InlineData("/v2/models")]
    [InlineData("/v2/models/minilm/infer/more")]
    [InlineData("/v2/models//infer")]
    [InlineData("/v1")]
    [InlineData("/v1/files")]
    [InlineData("/v1/models")]
    [InlineData("/v2/repository/other/models/minilm/load")]
    [InlineData("/V1/embeddings")]
    [InlineData("/v1/chat")]
    [InlineData("/v2/models/a/b/../infer")]
    public void Find_UnknownPath_IsNotFound(string path)
    {
        var exception = Assert.Throws<InferenceException>(() => RouteTable.Find(path));

        Assert.Equal(ErrorKind.NotFound, exception.Error.Kind);
    }
}
