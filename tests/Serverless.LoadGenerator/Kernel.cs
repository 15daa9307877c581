using System.Runtime.InteropServices;

namespace Serverless.LoadGenerator;

/// <summary>
/// The system calls of the loop. .NET's asynchronous sockets cost a generator about 40 µs per request in hand-overs between threads, which
/// hides the server; this way it is one receive, one send and a share of an epoll_wait.
/// </summary>
internal static unsafe partial class Kernel
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const int Add = 1;
    public const int Modify = 3;
    public const int TryAgain = 11;
    public const int Interrupted = 4;

    // MSG_NOSIGNAL: a peer that has gone is an error code, not a signal that ends the process.
    private const int NoSignal = 0x4000;
    private const int DoNotWait = 0x40;

    public static nint Receive(int socket, byte* buffer, nint length) => recv(socket, buffer, length, DoNotWait);

    public static nint Send(int socket, byte* buffer, nint length) => send(socket, buffer, length, DoNotWait | NoSignal);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int socket, EpollEvent* change);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static partial int EpollWait(int epoll, EpollEvent* events, int capacity, TimeSpec* timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int handle);

#pragma warning disable SA1300, IDE1006 // The C library's names.
    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte* buffer, nint length, int flags);
#pragma warning restore SA1300, IDE1006

    // The kernel's struct is packed on x64 only.
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct EpollEvent
    {
        public uint Events;
        public long Data;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
