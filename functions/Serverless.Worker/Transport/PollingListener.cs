using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Serverless.Worker.Transport;

/// <summary>Accepts connections and hands them to the loops in turn.</summary>
internal sealed class PollingListener(Socket socket, PollingLoop[] loops) : IConnectionListener
{
    private uint _next;

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Socket? accepted = null;
            try
            {
                accepted = await socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                accepted.Blocking = false;
                return loops[_next++ % loops.Length].Take(accepted);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.OperationAborted)
            {
                return null;
            }
            catch (Win32Exception)
            {
                // The client left before it was accepted, or the kernel has no room for one more: whoever throws here ends the listening.
                accepted?.Dispose();
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
