using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Sasl;
using Serverless.ServiceBusEmulator.Configuration;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>Listens for AMQP 1.0 connections, as plain TCP: that is what clients use with UseDevelopmentEmulator.</summary>
internal sealed class AmqpServer(LinkRuntime runtime) : IDisposable
{
    // The default of Azure's endpoints, and of the clients.
    private const uint IdleTimeoutMilliseconds = 120_000;
    private const int MaxFrameSize = 65_536;
    private const int PortAttempts = 20;

    private AmqpConnectionListener? _listener;

    public int Port { get; private set; }

    /// <summary>Starts to listen; port 0 takes a free one.</summary>
    public void Start(string address, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var candidate = ProbePort(address, port);
                _listener = Open(address, candidate);
                Port = candidate;
                return;
            }
            catch (SocketException) when (port == 0 && attempt < PortAttempts)
            {
                // Somebody took the free port between the probe and the bind.
            }
            catch (SocketException exception)
            {
                throw new ConfigException($"The emulator cannot listen on {address}, AMQP port {port}: {exception.Message}.");
            }
        }
    }

    private AmqpConnectionListener Open(string address, int port)
    {
        var sasl = new SaslTransportProvider();
        // Clients with a shared access key name their mechanism MSSBCBS: the token comes later, through $cbs.
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        sasl.AddHandler(new SaslAnonymousHandler());
        sasl.Versions.Add(new AmqpVersion(1, 0, 0));
        var settings = new AmqpSettings { RuntimeProvider = runtime };
        settings.TransportProviders.Add(sasl);
        var connectionSettings = new AmqpConnectionSettings
        {
            ContainerId = "serverless-service-bus-emulator",
            MaxFrameSize = MaxFrameSize,
            IdleTimeOut = IdleTimeoutMilliseconds,
            IgnoreMissingSessions = true,
        };
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        var listener = new AmqpConnectionListener([$"amqp://{host}:{port}"], settings, connectionSettings);
        listener.Open();
        return listener;
    }

    /// <summary>
    /// The library binds with SO_REUSEPORT, so that a second emulator on a port would silently take half of its connections:
    /// a plain bind before tells whether the port is taken.
    /// </summary>
    private static int ProbePort(string address, int port)
    {
        using var probe = new TcpListener(IPAddress.Parse(address), port);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public void Dispose() => _listener?.Close();
}
