using System.Buffers;
using System.Collections.Concurrent;
using System.ComponentModel;
using System.Net.Sockets;
using Serverless.Inference.Execution.Batching;

namespace Serverless.Worker.Transport;

/// <summary>A thread that waits for many connections at once. What runs on it holds up the others: it must be over in microseconds.</summary>
internal sealed unsafe partial class PollingLoop : IDisposable
{
    private const int MostEvents = 128;

    // All there is to know, once and for all: an edge is told once, and who reads or writes goes on until there is nothing left, or rearms.
    private const uint Everything = Kernel.Readable | Kernel.Writable | Kernel.PeerLeft | Kernel.EdgeTriggered;

    [ThreadStatic]
    private static PollingLoop? _current;

    private readonly int _poll = Checked(Kernel.CreatePoll(Kernel.CloseOnExec));
    private readonly int _bell = Checked(Kernel.CreateBell(0, Kernel.CloseOnExec | Kernel.NonBlocking));
    private readonly ConcurrentDictionary<int, PollingConnection> _connections = new();
    private readonly List<PollingConnection> _toSend = [];
    private readonly Gathering _gathering = new();
    private readonly PollingWait _wait = new();
    private readonly MemoryPool<byte> _pool;
    private readonly ILogger _logger;
    private volatile bool _ended;

    public PollingLoop(int index, MemoryPool<byte> pool, ILogger logger)
    {
        (_pool, _logger) = (pool, logger);
        Register(_bell, Kernel.Readable);
        new Thread(Run) { IsBackground = true, Name = $"connections {index}" }.Start();
    }

    /// <summary>The loop whose thread this is; null on any other thread.</summary>
    public static PollingLoop? Current => _current;

    /// <summary>Serves a connection from now on.</summary>
    public PollingConnection Take(Socket socket)
    {
        var connection = new PollingConnection(socket, this, _pool);
        _connections[connection.Descriptor] = connection;
        try
        {
            Register(connection.Descriptor, Everything);
            return connection;
        }
        catch
        {
            Forget(connection);
            throw;
        }
    }

    /// <summary>Has a connection told again what it is ready for.</summary>
    public void Rearm(int descriptor)
    {
        var change = new Kernel.PollEvent { Events = Everything, Descriptor = descriptor };
        // Gone meanwhile: then there is nothing to tell.
        _ = Kernel.Control(_poll, Kernel.Modify, descriptor, &change);
    }

    /// <summary>Forgets a connection, whose descriptor is about to be closed.</summary>
    public void Forget(PollingConnection connection) =>
        _connections.TryRemove(KeyValuePair.Create(connection.Descriptor, connection));

    /// <summary>Sends what the connection has once everything that has arrived is read; on this loop's thread.</summary>
    public void SendLater(PollingConnection connection) => _toSend.Add(connection);

    public void Dispose()
    {
        _ended = true;
        ulong ring = 1;
        _ = Kernel.Write(_bell, &ring, sizeof(ulong));
    }

    private void Run()
    {
        _current = this;
        var events = stackalloc Kernel.PollEvent[MostEvents];
        while (!_ended)
        {
            var count = _wait.Wait(_poll, events, MostEvents);
            _gathering.Begin();
            for (var i = 0; i < count; i++)
            {
                if (_connections.TryGetValue(events[i].Descriptor, out var connection))
                    Tell(connection, events[i].Events);
            }

            _gathering.End();

            // A send wakes its reader: the answers of all that arrived together leave together.
            foreach (var connection in _toSend)
                connection.SendDeferred();
            _toSend.Clear();
        }

        _ = Kernel.Close(_bell);
        _ = Kernel.Close(_poll);
        _pool.Dispose();
    }

    private void Tell(PollingConnection connection, uint events)
    {
        try
        {
            connection.OnReady(events);
        }
#pragma warning disable CA1031 // One connection's fault must not end the thread that serves the others.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogBroken(_logger, error);
            connection.Abort();
        }
    }

    private void Register(int descriptor, uint events)
    {
        var change = new Kernel.PollEvent { Events = events, Descriptor = descriptor };
        Checked(Kernel.Control(_poll, Kernel.Add, descriptor, &change));
    }

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    [LoggerMessage(1, LogLevel.Error, "A connection failed and was closed")]
    private static partial void LogBroken(ILogger logger, Exception error);
}
