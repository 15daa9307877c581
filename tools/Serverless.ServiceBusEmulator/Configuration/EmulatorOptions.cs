namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>How one emulator runs.</summary>
public sealed record EmulatorOptions
{
    /// <summary>The official emulator's Config.json that declares entities; null for none.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>Where messages are kept; null keeps them in memory, gone with the process.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The address to listen on. Default: loopback, for nobody is authenticated.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>The AMQP port; 0 takes a free one. Default: 5672.</summary>
    public int AmqpPort { get; init; } = 5672;

    /// <summary>The port of the administration API, /health and /metrics; 0 takes a free one. Default: 5300.</summary>
    public int HttpPort { get; init; } = 5300;

    /// <summary>A file to write the ports to once both listen; null for none.</summary>
    public string? PortsFile { get; init; }

    /// <summary>How many MiB of message contents stay in memory when they are on disk too. Default: 64.</summary>
    public int CacheMegabytes { get; init; } = 64;

    /// <summary>How many connections may be open at once. Default: 5000.</summary>
    public int MaxConnections { get; init; } = 5000;

    /// <summary>How many links may be open at once, over all connections. Default: 20000.</summary>
    public int MaxLinks { get; init; } = 20_000;
}
