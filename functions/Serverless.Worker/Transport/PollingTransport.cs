using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Serverless.Worker.Transport;

/// <summary>
/// Kestrel's connections on a thread for two cores, which takes what has arrived on all of them, reads short requests where they are and hands
/// their runs over together. The framework's own transport wakes a thread of the pool for every request: an echo of a small model's takes
/// 14.8 µs of processor there and 8.5 to 9.3 here. On Linux on x64 alone; elsewhere the framework's is used.
/// </summary>
internal sealed class PollingTransport(IMemoryPoolFactory<byte> pools, ILogger<PollingTransport> logger)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    private const int Backlog = 512;

    private readonly Lock _gate = new();
    private PollingLoop[]? _loops;

    /// <summary>Whether this machine can have it.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    public bool CanBind(EndPoint endpoint) => IsSupported && endpoint is IPEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
            socket.Listen(Backlog);
            return new ValueTask<IConnectionListener>(new PollingListener(socket, Loops()));
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            // What Kestrel waits for to say which address it was.
            throw new AddressInUseException(error.Message, error);
        }
    }

    public void Dispose()
    {
        foreach (var loop in _loops ?? [])
            loop.Dispose();
    }

    // Shared by the listeners, however many addresses are served. One for two cores: fewer meet more requests at once, which run together and
    // are sent together, and the other core is the engine's.
    private PollingLoop[] Loops()
    {
        lock (_gate)
            return _loops ??= [.. Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount / 2)).Select(index => new PollingLoop(index, pools.Create(new()), logger))];
    }
}
