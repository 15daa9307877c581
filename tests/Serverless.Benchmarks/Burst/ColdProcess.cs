using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Serverless.Topology.Processes;

namespace Serverless.Benchmarks.Burst;

/// <summary>One start of a server, from before its process exists to its first answer.</summary>
internal static class ColdProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Starts <paramref name="command"/>, sends <paramref name="request"/> as soon as somebody listens, and kills the process
    /// <paramref name="linger"/> after the answer.
    /// </summary>
    public static async Task<ColdAnswer> RunAsync(
        ServiceCommand command, int port, byte[] request, TimeSpan linger, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(Info(command))!;
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            using var socket = await ConnectAsync(process, port, cancellationToken);
            var listening = Stopwatch.GetElapsedTime(started);
            var answer = await ColdRequest.SendAsync(socket, request, cancellationToken);
            var answered = Stopwatch.GetElapsedTime(started);
            process.Refresh();
            var processor = process.TotalProcessorTime;
            await Task.Delay(linger, cancellationToken);
            return ColdAnswer.Parse(answer, listening, answered) with { Processor = processor };
        }
        catch (InvalidRunException error)
        {
            process.Kill();
            throw new InvalidRunException($"{command.Name}: {error.Message} {string.Concat(await output)}");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
            await output;
        }
    }

    private static ProcessStartInfo Info(ServiceCommand command)
    {
        var info = new ProcessStartInfo(command.Program, command.Arguments)
        {
            WorkingDirectory = command.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in command.Environment)
            info.Environment[name] = value;
        return info;
    }

    private static async Task<Socket> ConnectAsync(Process process, int port, CancellationToken cancellationToken)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < Limit; await Task.Delay(1, cancellationToken))
        {
            if (process.HasExited)
                throw new InvalidRunException($"ended with code {process.ExitCode} before it listened.");
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (await TryConnectAsync(socket, port))
                return socket;
            socket.Dispose();
        }

        throw new InvalidRunException($"does not listen after {Limit.TotalSeconds:0} s.");
    }

    // Refusals come every millisecond: as exceptions they would take the processor from what is measured.
    private static async Task<bool> TryConnectAsync(Socket socket, int port)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var connect = new SocketAsyncEventArgs { RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, port) };
        connect.Completed += (_, _) => done.SetResult();
        if (socket.ConnectAsync(connect))
            await done.Task;
        return connect.SocketError == SocketError.Success;
    }
}
