using System.Text;
using Serverless.Gateway.Batches.Validation;

namespace Serverless.Gateway.Tests.Jobs;

public sealed class WorkEstimateTests
{
    [Theory]
    [InlineData("/v1/embeddings", """{"model":"m","input":"a","max_tokens":9}""", 0)]
    [InlineData("/v1/completions", """{"model":"m","prompt":"a"}""", 16)]
    [InlineData("/v1/completions", """{"model":"m","prompt":["a","b","c"],"n":2,"max_tokens":10}""", 60)]
    [InlineData("/v1/completions", """{"model":"m","prompt":[1,2,3],"max_tokens":10}""", 10)]
    [InlineData("/v1/completions", """{"model":"m","prompt":"a","max_tokens":2147483647}""", 4096)]
    [InlineData("/v1/completions", """{"model":"m","prompt":"a","n":2147483647,"max_tokens":1}""", 128)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[]}""", 256)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[],"max_completion_tokens":7,"n":3}""", 21)]
    [InlineData("/v1/chat/completions", """{"model":"m","messages":[],"max_tokens":"x","n":-1}""", 256)]
    public void UnitsOf_Line_AreTheTokensThatItMayGenerate(string endpoint, string body, int tokens)
    {
        var line = RequestLine.Read(Encoding.UTF8.GetBytes($$"""{"custom_id":"1","method":"POST","url":"{{endpoint}}","body":{{body}} }"""));

        Assert.Equal(1 + tokens, WorkEstimate.UnitsOf(endpoint, 0, line.MaxTokens, line.Texts));
    }
}
