using System.Net.Sockets;
using System.Text;

namespace Serverless.EndToEnd.Tests;

/// <summary>One HTTP connection byte by byte, for requests that no client library would send.</summary>
internal sealed class RawHttp : IDisposable
{
    private readonly TcpClient _connection;

    public RawHttp(Uri server) => _connection = new TcpClient(server.Host, server.Port);

    /// <summary>Sends <paramref name="text"/> and reads until the server has sent a head and some body, or closes.</summary>
    public async Task<string> SendAsync(string text, CancellationToken cancellationToken)
    {
        var stream = _connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), cancellationToken);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!IsWhole(answer.ToString()))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                break;
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    public void Dispose() => _connection.Dispose();

    private static bool IsWhole(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end >= 0 && answer.Length > end + 4;
    }
}
