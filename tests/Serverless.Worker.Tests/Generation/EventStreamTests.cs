using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Errors;
using Serverless.Worker.Generation.Answers;

namespace Serverless.Worker.Tests.Generation;

public sealed class EventStreamTests : IDisposable
{
    private const string Heartbeat = ": waiting\n\n";

    private readonly LocalExchange _exchange = new();
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wait_Under5Seconds_SendsNothing()
    {
        await using var events = new EventStream(_exchange.Context, _time);

        _time.Advance(TimeSpan.FromSeconds(4.9));

        Assert.False(await events.EndHeartbeatsAsync());
        Assert.Equal("", _exchange.Sent);
    }

    [Fact]
    public async Task Wait_12Seconds_SendsTwoHeartbeatsAndTheHeaders()
    {
        await using var events = new EventStream(_exchange.Context, _time) { ServerTiming = "queue;dur=1" };

        await BeatAsync(1);
        await BeatAsync(2);
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(await events.EndHeartbeatsAsync());
        Assert.Equal(Heartbeat + Heartbeat, _exchange.Sent);
        var headers = _exchange.Context.Response.Headers;
        Assert.Equal("text/event-stream", headers.ContentType);
        Assert.Equal("no-cache", headers.CacheControl);
        Assert.Equal("no", headers["X-Accel-Buffering"]);
        Assert.Equal("queue;dur=1", headers["Server-Timing"]);
    }

    [Fact]
    public async Task Wait_EventsCome_SendsNoHeartbeatUntilTheyCease()
    {
        await using var events = new EventStream(_exchange.Context, _time);
        _time.Advance(TimeSpan.FromSeconds(3));
        events.Begin().WriteNumberValue(1);
        events.End();
        await events.FlushAsync(Token);

        _time.Advance(TimeSpan.FromSeconds(2));
        await Task.Delay(50, Token);
        Assert.Equal("data: 1\n\n", _exchange.Sent);

        await BeatAsync(1);
        Assert.Equal("data: 1\n\n" + Heartbeat, _exchange.Sent);
    }

    [Fact]
    public async Task Fail_AfterAHeartbeat_IsAnEventAndDropsWhatWasBegun()
    {
        await using var events = new EventStream(_exchange.Context, _time);
        await BeatAsync(1);
        events.Begin().WriteStartObject();

        Assert.True(await events.EndHeartbeatsAsync());
        await events.FailAsync(new InferenceError(ErrorKind.ModelUnavailable, "It is broken.", "model"));

        Assert.Equal(
            Heartbeat
            + """data: {"error":{"message":"It is broken.","type":"server_error","param":"model","code":"model_unavailable"}}""" + "\n\n",
            _exchange.Sent);
    }

    [Fact]
    public async Task Fail_OpenInferencePath_HasThatProtocolsShape()
    {
        using var exchange = new LocalExchange("/v2/models/m/generate_stream");
        await using var events = new EventStream(exchange.Context, _time);

        await events.FailAsync(new InferenceError(ErrorKind.Internal, "It is broken."));

        Assert.Equal("""{"error":"It is broken."}""", Assert.Single(exchange.Events));
    }

    public void Dispose() => _exchange.Dispose();

    private async Task BeatAsync(int count)
    {
        _time.Advance(EventStream.Interval);
        // The heartbeat goes on another thread.
        for (var i = 0; i < 200 && _exchange.Sent.Split(Heartbeat).Length <= count; i++)
            await Task.Delay(10, Token);
        Assert.Equal(count, _exchange.Sent.Split(Heartbeat).Length - 1);
    }
}
