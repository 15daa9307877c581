using Microsoft.Extensions.Logging.Abstractions;
using Serverless.ServiceBusEmulator.Administration;
using Serverless.ServiceBusEmulator.Amqp;
using Serverless.ServiceBusEmulator.Configuration;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Storage;

namespace Serverless.ServiceBusEmulator;

/// <summary>A running emulator. The program runs one; tests may run several in one process.</summary>
public sealed class Emulator : IAsyncDisposable
{
    private readonly Broker _broker;
    private readonly AmqpServer _amqp;
    private readonly HttpServer _http;
    private readonly TaskCompletionSource<Exception> _failure;

    private Emulator(Broker broker, AmqpServer amqp, HttpServer http, TaskCompletionSource<Exception> failure)
    {
        _broker = broker;
        _amqp = amqp;
        _http = http;
        _failure = failure;
    }

    /// <summary>The port that AMQP clients connect to.</summary>
    public int AmqpPort => _amqp.Port;

    /// <summary>The port of the administration API, /health and /metrics.</summary>
    public int HttpPort => _http.Port;

    /// <summary>Completes when messages can no longer be kept: the emulator must then be stopped.</summary>
    public Task<Exception> Failure => _failure.Task;

    /// <summary>The connection string for the messaging clients.</summary>
    public string ConnectionString => ConnectionStringFor(AmqpPort);

    /// <summary>The connection string for the administration client, which takes its port from the endpoint too.</summary>
    public string AdministrationConnectionString => ConnectionStringFor(HttpPort);

    internal Broker Broker => _broker;

    /// <summary>The connection string of an emulator on this machine.</summary>
    public static string ConnectionStringFor(int port) =>
        $"Endpoint=sb://localhost:{port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;"
        + "UseDevelopmentEmulator=true;";

    /// <summary>Opens the store, declares the configured entities and listens; returns when clients can connect.</summary>
    public static async Task<Emulator> StartAsync(
        EmulatorOptions options, TimeProvider? time = null, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default)
    {
        time ??= TimeProvider.System;
        loggers ??= NullLoggerFactory.Instance;
        if (options.PortsFile is { } stale)
            File.Delete(stale);
        var declared = options.ConfigPath is { } path ? ConfigFile.Read(path) : [];
        var limits = new ConnectionLimits(options.MaxConnections, options.MaxLinks);
        var failure = new TaskCompletionSource<Exception>(TaskCreationOptions.RunContinuationsAsynchronously);
        // The two start side by side: the web server takes longer than everything else together.
        var http = new HttpServer();
        var listening = Task.Run(() => http.StartAsync(options.Address, options.HttpPort, cancellationToken), cancellationToken);
        Broker? broker = null;
        AmqpServer? amqp = null;
        try
        {
            broker = new Broker(
                OpenStore(options, loggers, failure), new ContentCache(options.CacheMegabytes * 1024L * 1024), time, loggers);
            broker.Restore();
            broker.Start();
            await Declaration.ApplyAsync(broker, declared, cancellationToken);
            amqp = new AmqpServer(new LinkRuntime(broker, limits, loggers.CreateLogger<LinkRuntime>()));
            amqp.Start(options.Address, options.AmqpPort);
            await listening;
            http.Serve(new AdministrationApi(broker, limits, loggers.CreateLogger<AdministrationApi>()));
            var emulator = new Emulator(broker, amqp, http, failure);
            if (options.PortsFile is { } file)
                await PortsFile.WriteAsync(file, emulator.AmqpPort, emulator.HttpPort, cancellationToken);
            return emulator;
        }
        catch
        {
            amqp?.Dispose();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await http.DisposeAsync();
            if (broker is not null)
                await broker.DisposeAsync();
            throw;
        }
    }

    private static IMessageStore OpenStore(EmulatorOptions options, ILoggerFactory loggers, TaskCompletionSource<Exception> failure) =>
        options.DataDirectory is { } directory
            ? new SqliteMessageStore(directory, loggers.CreateLogger<SqliteMessageStore>(), exception => failure.TrySetResult(exception))
            : new MemoryMessageStore();

    /// <summary>Stops listening, and returns when everything acknowledged is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        _amqp.Dispose();
        await _http.DisposeAsync();
        await _broker.DisposeAsync();
    }
}
