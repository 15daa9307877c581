using System.Text;
using Serverless.Gateway.Forwarding;
using Serverless.Gateway.RateLimits;

namespace Serverless.Gateway.Tests.RateLimits;

public sealed class UsageEstimateTests
{
    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[8,3],"datatype":"FP32","data":[]}]}""", 8)]
    [InlineData("""{"id":"a","inputs":[{"shape" : [ 12 ],"name":"x"},{"name":"y","shape":[3]}]}""", 12)]
    [InlineData("""{"id":"\"shape\":[9]","inputs":[{"name":"x","shape":[2,1]}]}""", 2)]
    [InlineData("""{"inputs":[{"name":"x","shape":[-1]}]}""", 1)]
    [InlineData("""{"inputs":[{"name":"x","shape":[99999999999]}]}""", 1)]
    [InlineData("""{"inputs":[{"name":"x","shape":[""", 1)]
    [InlineData("compressed", 1)]
    [InlineData("", 1)]
    public void Rows_Body_AreTheFirstOfTheFirstShape(string body, long rows) => Assert.Equal(rows, UsageEstimate.Rows(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Rows_ShapeFarBehind_IsNotLookedFor() =>
        Assert.Equal(1, UsageEstimate.Rows(Encoding.UTF8.GetBytes(new string(' ', 5000) + """{"inputs":[{"shape":[8]}]}""")));

    [Theory]
    [InlineData("""{"max_tokens":50}""", true, 100 + 50)]
    [InlineData("""{"max_completion_tokens":50,"n":3}""", true, 100 + 150)]
    [InlineData("""{"max_tokens":2147483647,"n":128}""", true, 100 + (2147483647L * 128))]
    [InlineData("{}", true, 100 + 256)]
    [InlineData("""{"max_tokens":"many","n":-1}""", true, 100 + 256)]
    [InlineData("""{"max_tokens":50}""", false, 100)]
    public void Tokens_Head_AreThoseOfPromptAndAnswers(string body, bool writesText, long tokens) =>
        Assert.Equal(tokens, UsageEstimate.Tokens(400, RequestHead.Read(Encoding.UTF8.GetBytes(body), isWhole: true), writesText));
}
