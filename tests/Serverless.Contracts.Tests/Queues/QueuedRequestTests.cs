using System.Text;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Queues;

namespace Serverless.Contracts.Tests.Queues;

public sealed class QueuedRequestTests
{
    [Theory]
    [InlineData("""{"id":"a","model":"m","request":{}}""", "/v2/models/m/infer")]
    [InlineData("""{"id":"a","model":"m","version":2,"request":{}}""", "/v2/models/m/versions/2/infer")]
    [InlineData("""{"id":"a","model":"m","endpoint":"/v2/models/infer","request":{}}""", "/v2/models/m/infer")]
    [InlineData("""{"id":"a","model":"m","endpoint":"/v1/embeddings","request":{"model":"m"}}""", "/v1/embeddings")]
    [InlineData("""{"id":"a","model":"m","version":2,"endpoint":"/v1/embeddings","request":{"model":"m:2"}}""", "/v1/embeddings")]
    public void From_ValidMessage_GoesToItsEndpoint(string text, string path)
    {
        var (id, message) = QueuedRequest.Read(text);

        var request = QueuedRequest.From(id, message);

        Assert.Equal("a", request.Id);
        Assert.Equal(path, request.Path);
    }

    [Fact]
    public void From_InlineRequest_KeepsItsBytes()
    {
        var (id, message) = QueuedRequest.Read("""{"id":"a","model":"m","request":{"inputs":[1.50]}}""");

        var request = QueuedRequest.From(id, message);

        Assert.Equal("""{"inputs":[1.50]}""", Encoding.UTF8.GetString(request.Body!.Value.Span));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"model":"m","request":{}}""")]
    [InlineData("""{"id":"../x","model":"m","request":{}}""")]
    [InlineData("""{"id":".a","model":"m","request":{}}""")]
    [InlineData("""{"id":7,"model":"m","request":{}}""")]
    [InlineData("""{"id":"a","model":"m","request":{},"extra":1}""")]
    public void Read_NoUsableId_IsForThePoisonQueue(string text) =>
        Assert.Throws<FormatException>(() => QueuedRequest.Read(text));

    [Fact]
    public void Read_IdOf129Characters_IsForThePoisonQueue() =>
        Assert.Throws<FormatException>(() => QueuedRequest.Read("{\"id\":\"" + new string('a', 129) + "\",\"model\":\"m\"}"));

    [Theory]
    [InlineData("""{"id":"a","request":{}}""", ErrorKind.InvalidRequest, "'model'")]
    [InlineData("""{"id":"a","model":"M!","request":{}}""", ErrorKind.ModelNotFound, "M!")]
    [InlineData("""{"id":"a","model":"m","version":0,"request":{}}""", ErrorKind.ModelNotFound, "version '0'")]
    [InlineData("""{"id":"a","model":"m","version":-1,"request":{}}""", ErrorKind.ModelNotFound, "version '-1'")]
    [InlineData("""{"id":"a","model":"m"}""", ErrorKind.InvalidRequest, "exactly one")]
    [InlineData("""{"id":"a","model":"m","request":{},"blob":"b"}""", ErrorKind.InvalidRequest, "exactly one")]
    [InlineData("""{"id":"a","model":"m","blob":""}""", ErrorKind.InvalidRequest, "'blob'")]
    [InlineData("""{"id":"a","model":"m","endpoint":"/admin","request":{}}""", ErrorKind.InvalidRequest, "'endpoint'")]
    [InlineData("""{"id":"a","model":"m","endpoint":"/v1/embeddings","request":{"model":"other"}}""", ErrorKind.InvalidRequest, "'request.model'")]
    [InlineData("""{"id":"a","model":"m","endpoint":"/v1/embeddings","request":[]}""", ErrorKind.InvalidRequest, "'request.model'")]
    public void From_BadMessage_SaysWhatIsWrong(string text, ErrorKind kind, string named)
    {
        var (id, message) = QueuedRequest.Read(text);

        var exception = Assert.Throws<InferenceException>(() => QueuedRequest.From(id, message));

        Assert.Equal(kind, exception.Error.Kind);
        Assert.Contains(named, exception.Message, StringComparison.Ordinal);
    }
}
