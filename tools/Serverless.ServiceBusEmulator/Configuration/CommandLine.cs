using System.Globalization;
using System.Net;

namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public const string Usage = """
        Serverless.ServiceBusEmulator: Azure Service Bus on one machine.

          --config FILE       declare the entities of an official emulator's Config.json
          --data DIR          keep messages in DIR (created if missing); the default is ./.servicebus
          --in-memory         keep nothing: messages go with the process
          --address IP        listen on IP; the default is 127.0.0.1, for nobody is authenticated
          --amqp-port N       AMQP port, 0 for a free one; the default is 5672
          --http-port N       port of the administration API, /health and /metrics, 0 for a free one; the default is 5300
          --ports-file FILE   write {"amqpPort":N,"httpPort":N} to FILE once both listen
          --cache-mb N        MiB of message contents to keep in memory beside the disk; the default is 64
          --help              this text
        """;

    /// <summary>Reads arguments; on failure the error says which one and what is allowed.</summary>
    public static bool TryRead(IReadOnlyList<string> arguments, out EmulatorOptions options, out string? error)
    {
        options = new EmulatorOptions { DataDirectory = ".servicebus" };
        try
        {
            for (var position = 0; position < arguments.Count; position++)
                options = Apply(options, arguments, ref position);
            error = null;
            return true;
        }
        catch (ArgumentException exception)
        {
            error = exception.Message;
            return false;
        }
    }

    private static EmulatorOptions Apply(EmulatorOptions options, IReadOnlyList<string> arguments, ref int position)
    {
        var name = arguments[position];
        if (name == "--in-memory")
            return options with { DataDirectory = null };
        if (position + 1 >= arguments.Count)
            throw new ArgumentException($"'{name}' is not an option, or its value is missing.");

        var value = arguments[++position];
        return name switch
        {
            "--config" => options with { ConfigPath = value },
            "--data" => options with { DataDirectory = value },
            "--address" => options with { Address = AddressOf(value) },
            "--amqp-port" => options with { AmqpPort = NumberOf(name, value, 0, 65_535) },
            "--http-port" => options with { HttpPort = NumberOf(name, value, 0, 65_535) },
            "--ports-file" => options with { PortsFile = value },
            "--cache-mb" => options with { CacheMegabytes = NumberOf(name, value, 1, 65_536) },
            _ => throw new ArgumentException($"'{name}' is not an option."),
        };
    }

    private static string AddressOf(string value) => IPAddress.TryParse(value, out _)
        ? value
        : throw new ArgumentException($"--address must be an IP address, not '{value}'.");

    private static int NumberOf(string name, string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new ArgumentException($"{name} must be a number from {least} to {most}, not '{value}'.");
}
