using System.Text;
using Serverless.Contracts.Errors;

namespace Serverless.Contracts.Tests.Errors;

public sealed class ErrorBodyTests
{
    private static readonly InferenceError Error = new(ErrorKind.ModelNotFound, "No model is named x.", "model");

    [Fact]
    public void ToUtf8_OpenInference_IsOneSentence() =>
        Assert.Equal("""{"error":"No model is named x."}""", Text(WireProtocol.OpenInference));

    [Fact]
    public void ToUtf8_OpenAi_HasAllFourKeys() =>
        Assert.Equal(
            """{"error":{"message":"No model is named x.","type":"invalid_request_error","param":"model","code":"model_not_found"}}""",
            Text(WireProtocol.OpenAi));

    [Fact]
    public void ToUtf8_OpenAiWithoutParam_WritesNull()
    {
        var text = Encoding.UTF8.GetString(ErrorBody.ToUtf8(Error with { Param = null }, WireProtocol.OpenAi).Span);

        Assert.Contains("\"param\":null", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1", WireProtocol.OpenAi)]
    [InlineData("/v1/embeddings", WireProtocol.OpenAi)]
    [InlineData("/v10", WireProtocol.OpenInference)]
    [InlineData("/v2/models", WireProtocol.OpenInference)]
    [InlineData(null, WireProtocol.OpenInference)]
    public void ProtocolOf_Path_IsTheOneSpokenThere(string? path, WireProtocol protocol) =>
        Assert.Equal(protocol, ErrorBody.ProtocolOf(path));

    private static string Text(WireProtocol protocol) => Encoding.UTF8.GetString(ErrorBody.ToUtf8(Error, protocol).Span);
}
