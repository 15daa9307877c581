using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Serverless.Worker.Tests.Draining;

namespace Serverless.Worker.Tests.Http;

/// <summary>Clients that send one request after another over connections they keep, until they are told to go elsewhere.</summary>
internal sealed class SteadyLoad(Uri address)
{
    private const string Body = """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""";

    private int _answered;

    public int Answered => Volatile.Read(ref _answered);

    /// <summary>What became of requests that were neither answered nor told to try again.</summary>
    public ConcurrentQueue<string> Lost { get; } = [];

    public Task RunAsync(int clients, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(() => SendAllAsync(cancellationToken), cancellationToken)));

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        try
        {
            while (await SendAsync(client, cancellationToken))
            {
            }
        }
        catch (HttpRequestException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            // It was not accepted: whoever sends it can send it elsewhere.
        }
        catch (HttpRequestException error)
        {
            Lost.Enqueue(error.ToString());
        }
    }

    private async Task<bool> SendAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var body = new GatedContent(Body);
        var sending = client.PostAsync(address, body, cancellationToken);
        // Long enough that a stop meets some on their way.
        await Task.Delay(10, cancellationToken);
        body.Open();
        using var answer = await sending;
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            Interlocked.Increment(ref _answered);
            return true;
        }

        if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || answer.Headers.RetryAfter is null)
            Lost.Enqueue($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        return false;
    }
}
