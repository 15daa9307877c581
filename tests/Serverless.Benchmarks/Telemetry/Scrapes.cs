namespace Serverless.Benchmarks.Telemetry;

/// <summary>Reads a server's metrics every few seconds, as Prometheus does.</summary>
internal sealed class Scrapes : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly HttpClient _client = new();
    private readonly Timer _timer;

    public Scrapes(Uri metrics) => _timer = new Timer(_ => _ = ReadAsync(metrics), null, Interval, Interval);

    public void Dispose()
    {
        _timer.Dispose();
        _client.Dispose();
    }

    private async Task ReadAsync(Uri metrics)
    {
        try
        {
            await _client.GetStringAsync(metrics);
        }
        catch (Exception error) when (error is HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // The worker stops before the scrapes do.
        }
    }
}
