using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Serverless.Worker.Tests.Stages;

/// <summary>Stands where a worker should be and answers each connection with the next of some texts; nothing closes it unanswered.</summary>
internal sealed class StageListener : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;
    private int _connections;

    public StageListener(params string[] answers)
    {
        _listener.Start();
        _serving = ServeAsync(answers);
    }

    public string Url => $"http://{_listener.LocalEndpoint}";

    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
        _stopping.Dispose();
    }

    private async Task ServeAsync(string[] answers)
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            var answer = answers[Math.Min(Interlocked.Increment(ref _connections), answers.Length) - 1];
            // All of the request: what is not read when a connection closes takes the answer with it.
            var block = new byte[64 * 1024];
            do
            {
                _ = await client.GetStream().ReadAsync(block, _stopping.Token);
                await Task.Delay(50, _stopping.Token);
            }
            while (client.Available > 0);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(answer), _stopping.Token);
        }
    }
}
