using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Serverless.LoadGenerator;

/// <summary>One job on one thread: wait for sockets and arrivals, read answers, send what is next.</summary>
internal sealed unsafe class LoadRun : IDisposable
{
    private const int Capacity = 256;
    private const int BufferSize = 256 << 10;

    // After the sending ends answers may take this long; what is open then counts as unanswered.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly LoadJob _job;
    private readonly List<StreamState> _streams = [];
    private readonly List<Connection> _connections = [];
    private readonly byte* _buffer = (byte*)NativeMemory.Alloc(BufferSize);
    private readonly Kernel.EpollEvent* _events = (Kernel.EpollEvent*)NativeMemory.Alloc((nuint)(Capacity * sizeof(Kernel.EpollEvent)));
    private readonly int _epoll = Kernel.EpollCreate(0);

    public LoadRun(LoadJob job)
    {
        _job = job;
        foreach (var stream in job.Streams)
        {
            var state = new StreamState(stream);
            _streams.Add(state);
            for (var i = 0; i < stream.Connections; i++)
            {
                var connection = new Connection(state, stream.Port);
                Watch(connection, Kernel.Add, _connections.Count, Kernel.In);
                _connections.Add(connection);
                state.AddIdle(connection);
            }
        }
    }

    public LoadResult Run()
    {
        GC.Collect();
        var processor = Environment.CpuUsage.TotalTime;
        var startedAt = Stopwatch.GetTimestamp();
        var until = _job.Seconds > 0 ? startedAt + (long)(_job.Seconds * Stopwatch.Frequency) : long.MaxValue;
        foreach (var stream in _streams)
            stream.Begin(startedAt);
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            var isOver = now >= until;
            foreach (var stream in _streams)
                StartDue(stream, now, isOver);
            if (IsDone(isOver) || (isOver && Stopwatch.GetElapsedTime(until, now) > Patience))
                break;
            Wait(isOver ? now + Stopwatch.Frequency : until);
        }

        var spent = Environment.CpuUsage.TotalTime - processor;
        var sent = _streams.Sum(stream => stream.Sent);
        var results = _streams.Select(stream => stream.Result(startedAt)).ToList();
        return new LoadResult(results, results.Max(result => result.Seconds), spent.TotalMicroseconds / Math.Max(1, sent));
    }

    public void Dispose()
    {
        foreach (var connection in _connections)
            connection.Dispose();
        foreach (var stream in _streams)
            stream.Dispose();
        _ = Kernel.Close(_epoll);
        NativeMemory.Free(_events);
        NativeMemory.Free(_buffer);
    }

    private void StartDue(StreamState stream, long now, bool isOver)
    {
        if (isOver)
            stream.DropWaiting();
        while (!isOver && stream.NextArrival <= now)
            stream.Arrive();
        while (stream.StartNext(!isOver) is { } started)
            WatchRoom(started);
    }

    private bool IsDone(bool isOver)
    {
        foreach (var stream in _streams)
        {
            if (stream.InFlight > 0 || (!isOver && !stream.HasSentAll))
                return false;
        }

        return true;
    }

    private void Wait(long until)
    {
        foreach (var stream in _streams)
            until = Math.Min(until, stream.NextArrival);
        // Without a limit the kernel need not set a timer for each wait.
        var timeout = until == long.MaxValue ? default : Timeout(until);
        var count = Kernel.EpollWait(_epoll, _events, Capacity, until == long.MaxValue ? null : &timeout, 0);
        for (var i = 0; i < count; i++)
            Serve((int)_events[i].Data);
    }

    private static Kernel.TimeSpec Timeout(long until)
    {
        var left = Math.Max(0, until - Stopwatch.GetTimestamp());
        return new Kernel.TimeSpec
        {
            Seconds = left / Stopwatch.Frequency,
            Nanoseconds = left % Stopwatch.Frequency * 1_000_000_000 / Stopwatch.Frequency,
        };
    }

    private void Serve(int index)
    {
        var connection = _connections[index];
        if (connection.WantsToSend)
        {
            connection.SendOn();
            WatchRoom(connection);
        }

        switch (connection.ReceiveOn(_buffer, BufferSize))
        {
            case Connection.Progress.Answered:
                connection.Stream.Answered(connection, isBroken: false);
                break;
            case Connection.Progress.Broken:
                Reopen(connection, index);
                break;
        }
    }

    private void Reopen(Connection connection, int index)
    {
        var wasBusy = connection.IsBusy;
        connection.Reopen();
        Watch(connection, Kernel.Add, index, Kernel.In);
        if (wasBusy)
            connection.Stream.Answered(connection, isBroken: true);
    }

    // Large requests do not fit the kernel's buffer at once.
    private void WatchRoom(Connection connection)
    {
        if (connection.WantsToSend == connection.WatchesRoom)
            return;
        connection.WatchesRoom = connection.WantsToSend;
        Watch(connection, Kernel.Modify, _connections.IndexOf(connection), connection.WantsToSend ? Kernel.In | Kernel.Out : Kernel.In);
    }

    private void Watch(Connection connection, int operation, int index, uint events)
    {
        var change = new Kernel.EpollEvent { Events = events, Data = index };
        if (Kernel.EpollControl(_epoll, operation, connection.Handle, &change) != 0)
            throw new InvalidOperationException($"epoll_ctl failed with error {Marshal.GetLastPInvokeError()}.");
    }
}
