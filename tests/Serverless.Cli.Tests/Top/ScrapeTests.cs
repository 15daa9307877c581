using Serverless.Cli.Top;

namespace Serverless.Cli.Tests.Top;

public sealed class ScrapeTests
{
    [Fact]
    public void Parse_WhatThePlatformWrites_HasSamplesWithTheirLabels()
    {
        var scrape = Scrape.Parse(
            """
            # HELP requests Requests.
            # TYPE requests counter
            requests{caller="a \"b\" {c}\\\n",status="200"} 3
            requests{caller="d",status="500"} 1.5e1 1764230400000
            up 1

            largest{le="+Inf"} +Inf
            vllm:num_requests_waiting{model_name="m"} NaN
            """,
            TimeSpan.Zero);

        Assert.Equal(18, scrape.Sum("requests"));
        Assert.Equal(3, scrape.Sum("requests", sample => sample.Label("caller") == "a \"b\" {c}\\\n"));
        Assert.Equal(15, scrape.Sum("requests", sample => sample.Label("status") == "500"));
        Assert.Equal(1, scrape.Sum("up"));
        Assert.Equal(double.PositiveInfinity, Assert.Single(scrape.Of("largest")).Value);
        Assert.True(double.IsNaN(Assert.Single(scrape.Of("vllm:num_requests_waiting")).Value));
        Assert.Null(scrape.Sum("nobody_counts_this"));
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("requests three")]
    [InlineData("requests{status=\"200\" 3")]
    public void Parse_SomethingElse_NamesTheLine(string line)
    {
        var error = Assert.Throws<FormatException>(() => Scrape.Parse("up 1\n" + line, TimeSpan.Zero));

        Assert.Contains("Line 2", error.Message, StringComparison.Ordinal);
    }
}
