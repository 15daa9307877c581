using System.Threading.Channels;
using Serverless.Scaling;

namespace Serverless.ContainerHost.Ingress;

/// <summary>How much is asked of the app over HTTP, and the wish of a held request for a first replica.</summary>
internal sealed class IngressLoad(ScaleTimes times, TimeProvider time)
{
    private readonly HttpConcurrencyMeter _meter = new(time, times.HttpWindow);
    private readonly Channel<bool> _held = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Requests that are held or being answered.</summary>
    public int InFlight => _meter.InFlight;

    /// <summary>What the HTTP rule scales by.</summary>
    public double Concurrency => _meter.Read();

    public void Arrived() => _meter.Arrived();

    public void Left() => _meter.Left();

    /// <summary>A request found no replica ready.</summary>
    public void Held() => _held.Writer.TryWrite(true);

    /// <summary>Waits until a request is held.</summary>
    public async Task WaitForHeldAsync(CancellationToken cancellationToken) => await _held.Reader.ReadAsync(cancellationToken);
}
