using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Serverless.SampleModels;

namespace Serverless.Benchmarks.Burst;

/// <summary>The request that a cold server is asked: one sentence, on a connection that ends with the answer.</summary>
internal static class ColdRequest
{
    private const string Body = $$"""{"model":"{{MiniLm.Name}}","input":"A burst begins with one request."}""";

    /// <param name="path">Where it goes.</param>
    /// <param name="apiKey">What the gateway wants to see; null for a worker.</param>
    public static byte[] To(string path, string? apiKey = null)
    {
        var authorization = apiKey is null ? "" : $"Authorization: Bearer {apiKey}\r\n";
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: localhost\r\n{authorization}Connection: close\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n{Body}"));
    }

    /// <summary>The whole answer, head and body.</summary>
    public static async Task<string> SendAsync(Socket socket, byte[] request, CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(request, cancellationToken);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
