using System.Buffers;
using System.Text;
using Serverless.Contracts.Http;

namespace Serverless.Contracts.Tests.Http;

public sealed class UsageCommentTests
{
    [Fact]
    public void Find_WhatWasWritten_IsThere()
    {
        var events = new ArrayBufferWriter<byte>();
        UsageComment.Write(events, 1234567);

        Assert.Equal(": usage 1234567\n\n", Encoding.UTF8.GetString(events.WrittenSpan));
        Assert.Equal(1234567, UsageComment.Find(events.WrittenSpan));
    }

    [Theory]
    [InlineData("data: a\n\n: usage 5\n\ndata: [DONE]\n\n", 5L)]
    [InlineData("data: \": usage 5\"\n\n", null)]
    [InlineData("data: a\n\n: usage \n\n", null)]
    [InlineData(": waiting\n\n", null)]
    [InlineData("", null)]
    public void Find_Events_TakesCommentsOnly(string events, long? used) => Assert.Equal(used, UsageComment.Find(Encoding.UTF8.GetBytes(events)));
}
