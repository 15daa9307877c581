using System.Runtime.InteropServices;
using Serverless.ServiceBusEmulator.Configuration;

namespace Serverless.ServiceBusEmulator;

/// <summary>Runs one emulator until the process is told to stop.</summary>
internal static class EmulatorProcess
{
    public static async Task<int> RunAsync(EmulatorOptions options)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Information));
        try
        {
            await using var emulator = await Emulator.StartAsync(options, loggers: loggers);
            Console.WriteLine($"AMQP listening on amqp://{options.Address}:{emulator.AmqpPort}");
            Console.WriteLine($"HTTP listening on http://{options.Address}:{emulator.HttpPort}");
            var ended = await Task.WhenAny(stopped.Task, emulator.Failure);
            return ended == stopped.Task ? 0 : 1;
        }
        catch (Exception exception) when (exception is ConfigException or IOException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.TrySetResult();
        }
    }
}
