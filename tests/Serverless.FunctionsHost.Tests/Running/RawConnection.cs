using System.Net.Sockets;
using System.Text;

namespace Serverless.FunctionsHost.Tests.Running;

/// <summary>A connection over which a test sends the very bytes it says.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly TcpClient _client = new();
    private readonly CancellationToken _limit;

    private RawConnection(CancellationToken limit) => _limit = limit;

    /// <summary>Connects to <paramref name="url"/>; everything is given up at <paramref name="limit"/>.</summary>
    public static async Task<RawConnection> OpenAsync(Uri url, CancellationToken limit)
    {
        var connection = new RawConnection(limit);
        await connection._client.ConnectAsync(url.Host, url.Port, limit);
        return connection;
    }

    public async Task WriteAsync(string text) => await _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), _limit);

    /// <summary>Writes; false when the other side has ended the connection.</summary>
    public async Task<bool> TryWriteAsync(string text)
    {
        try
        {
            await WriteAsync(text);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Everything until the other side ends the connection, as it must.</summary>
    public async Task<string> ReadToEndAsync()
    {
        var (answer, buffer) = (new StringBuilder(), new byte[4096]);
        try
        {
            while (await _client.GetStream().ReadAsync(buffer, _limit) is > 0 and var read)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (IOException)
        {
            // Reset, with bytes of ours unread.
        }

        return answer.ToString();
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return default;
    }
}
