using System.Text;
using Serverless.Gateway.Forwarding;

namespace Serverless.Gateway.Tests.Forwarding;

public sealed class RequestHeadTests
{
    [Theory]
    [InlineData("""{"model":"m","stream":true}""", "m", true)]
    [InlineData("""{"messages":[{"model":"inner","stream":true}],"model":"m:2"}""", "m:2", false)]
    [InlineData("""{"stream":true,"prompt":{"stream":false}}""", null, true)]
    [InlineData("""{"stream":"true","model":7}""", null, false)]
    [InlineData("""{"\u006dodel":"m"}""", "m", false)]
    [InlineData("""["model","m"]""", null, false)]
    [InlineData("""{"model":"m",]""", "m", false)]
    [InlineData("""{"model":"\ud800"}""", null, false)]
    [InlineData("", null, false)]
    public void Read_Body_FindsModelAndStream(string json, string? model, bool stream) =>
        Assert.Equal(new RequestHead(model, stream), RequestHead.Read(Encoding.UTF8.GetBytes(json), isWhole: true));

    [Theory]
    [InlineData("""{"model":"m","prompt":"cut of""", "m")]
    [InlineData("""{"prompt":"cut of""", null)]
    [InlineData("""{"prompt":["a","b"],"mod""", null)]
    public void Read_BeginningOfABody_FindsWhatIsThere(string json, string? model) =>
        Assert.Equal(model, RequestHead.Read(Encoding.UTF8.GetBytes(json), isWhole: false).Model);

    [Fact]
    public void Read_ModelTooLongForAName_IsLeftToTheWorker() =>
        Assert.Null(RequestHead.Read(Encoding.UTF8.GetBytes($$"""{"model":"{{new string('m', 300)}}"}"""), isWhole: true).Model);
}
