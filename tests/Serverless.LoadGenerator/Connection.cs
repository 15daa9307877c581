using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Serverless.LoadGenerator;

/// <summary>One connection with at most one request in flight.</summary>
internal sealed unsafe class Connection : IDisposable
{
    private readonly int _port;
    private readonly AnswerParser _parser = new();
    private Socket? _socket;
    private int _handle;
    private byte* _unsent;
    private int _unsentLength;

    public Connection(StreamState stream, int port)
    {
        Stream = stream;
        _port = port;
        Open();
    }

    public StreamState Stream { get; }

    public int Handle => _handle;

    /// <summary>When the request in flight arrived, in Stopwatch ticks.</summary>
    public long ArrivedAt { get; private set; }

    public bool IsBusy { get; private set; }

    /// <summary>Whether the kernel's buffer is full and part of the request waits.</summary>
    public bool WantsToSend => _unsentLength > 0;

    /// <summary>Whether the loop watches for room to send.</summary>
    public bool WatchesRoom { get; set; }

    public int Status => _parser.Status;

    public long BodyBytes => _parser.BodyBytes;

    public void Start(byte* request, int length, long arrivedAt)
    {
        ArrivedAt = arrivedAt;
        IsBusy = true;
        _unsent = request;
        _unsentLength = length;
        SendOn();
    }

    /// <summary>Sends what the kernel takes.</summary>
    public void SendOn()
    {
        while (_unsentLength > 0)
        {
            var sent = Kernel.Send(_handle, _unsent, _unsentLength);
            if (sent < 0)
                return;
            _unsent += sent;
            _unsentLength -= (int)sent;
        }
    }

    /// <summary>Reads what is there.</summary>
    public Progress ReceiveOn(byte* buffer, int capacity)
    {
        var read = Kernel.Receive(_handle, buffer, capacity);
        if (read > 0)
        {
            if (!_parser.Feed(new ReadOnlySpan<byte>(buffer, (int)read)))
                return Progress.Partial;
            IsBusy = false;
            return Progress.Answered;
        }

        if (read < 0 && Marshal.GetLastPInvokeError() is Kernel.TryAgain or Kernel.Interrupted)
            return Progress.Partial;
        return Progress.Broken;
    }

    /// <summary>Gives a broken connection up and opens another in its place.</summary>
    public void Reopen()
    {
        Dispose();
        _unsentLength = 0;
        IsBusy = false;
        WatchesRoom = false;
        _parser.Reset();
        Open();
    }

    public void Dispose() => _socket?.Dispose();

    private void Open()
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, _port);
        _handle = (int)_socket.Handle;
    }

    internal enum Progress
    {
        Partial,
        Answered,
        Broken,
    }
}
