using Serverless.FunctionsHost.Tests.Running;

namespace Serverless.FunctionsHost.Tests.Queues;

[Collection(HostCollection.Name)]
public sealed class QueueBindingTests(HostFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("poco", """{"name":"n","count":3}""", "n 3")]
    [InlineData("message", "text", "text 1 36")]
    [InlineData("bytes", "AB", "4142")]
    public async Task Message_ParameterOfType_IsConverted(string kind, string text, string expected)
    {
        var queue = fixture.Queue($"sample-{kind}");
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);
        await queue.SendMessageAsync(text, Token);

        Assert.Equal(expected, Assert.Single(await fixture.Host.EventsAsync(kind, 1, Token)).Detail);
    }

    [Fact]
    public async Task HttpFunction_WithListOutput_SendsOneMessagePerElement()
    {
        using var response = await fixture.Host.Client.PostAsync("/api/v9/send", null, Token);
        var queue = fixture.Queue("sample-sent");
        string[] sent =
            [await fixture.TakeAsync(queue, Token), await fixture.TakeAsync(queue, Token), await fixture.TakeAsync(queue, Token)];

        Assert.Equal(System.Net.HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["one", "three", "two"], sent.Order());
    }

    [Fact]
    public async Task HttpFunction_ClientLeavesBeforeItEnds_ItsOutputIsSentAllTheSame()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var call = fixture.Host.Client.PostAsync("/api/v9/send-late", null, leave.Token);
        await fixture.Host.EventsAsync("send-late", 1, Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        Assert.Equal("late", await fixture.TakeAsync(fixture.Queue("sample-sent-late"), Token));
    }
}
