using System.Net.Sockets;
using System.Text;

namespace Serverless.TestKit.Fuzzing;

/// <summary>Sends broken requests over raw connections and counts what comes back.</summary>
/// <param name="port">The server's, on the loopback interface.</param>
public sealed class FuzzClient(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private Socket? _socket;

    /// <summary>
    /// The status of the answer; 0 when the connection was closed without one, which HTTP allows for what is not HTTP.
    /// </summary>
    public async Task<int> SendAsync(byte[] request, bool last, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        _socket ??= await ConnectAsync(patience.Token);
        try
        {
            await _socket.SendAsync(request, patience.Token);
            if (last)
                _socket.Shutdown(SocketShutdown.Send);
            var (status, close) = await ReceiveAsync(_socket, last, patience.Token);
            if (close)
                Dispose();
            return status;
        }
        catch (SocketException)
        {
            // Answered and closed while it was still being sent.
            Dispose();
            return 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
        return socket;
    }

    private async Task<(int Status, bool Close)> ReceiveAsync(Socket socket, bool toTheEnd, CancellationToken cancellationToken)
    {
        var received = 0;
        while (received < _buffer.Length)
        {
            var read = await socket.ReceiveAsync(_buffer.AsMemory(received), cancellationToken);
            if (read == 0)
                return (StatusOf(_buffer.AsSpan(0, received)), true);
            received += read;
            if (!toTheEnd && TryComplete(_buffer.AsSpan(0, received), out var close))
                return (StatusOf(_buffer), close);
        }

        return (StatusOf(_buffer), true);
    }

    // Answers here are small: each has its length, or ends with an empty chunk.
    private static bool TryComplete(ReadOnlySpan<byte> answer, out bool close)
    {
        close = false;
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return false;
        var head = Encoding.ASCII.GetString(answer[..end]);
        close = head.Contains("Connection: close", StringComparison.OrdinalIgnoreCase);
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return answer.EndsWith("0\r\n\r\n"u8);
        var digits = head[(at + "Content-Length: ".Length)..].Split('\r')[0];
        return answer.Length - end - 4 >= int.Parse(digits, null);
    }

    private static int StatusOf(ReadOnlySpan<byte> answer) =>
        answer.StartsWith("HTTP/1.1 "u8) ? int.Parse(Encoding.ASCII.GetString(answer.Slice(9, 3)), null) : 0;
}
