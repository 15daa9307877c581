namespace Serverless.Topology.ServiceBus;

/// <summary>The ports of the Service Bus emulator.</summary>
/// <param name="Amqp">Messages.</param>
/// <param name="Http">Administration, <c>/health</c> and <c>/metrics</c>.</param>
public sealed record ServiceBusPorts(int Amqp, int Http)
{
    /// <summary>The ports that Microsoft's emulator has.</summary>
    public static ServiceBusPorts Usual { get; } = new(5672, 5300);

    /// <summary>Connection string for <c>ServiceBusClient</c>.</summary>
    public string ConnectionString => ConnectionStringOf(Amqp);

    /// <summary>Connection string for <c>ServiceBusAdministrationClient</c>, which takes its port from the endpoint too.</summary>
    public string AdminConnectionString => ConnectionStringOf(Http);

    // The emulator authenticates nobody; the client only insists that there is a key.
    private static string ConnectionStringOf(int port) =>
        $"Endpoint=sb://localhost:{port};SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=local;UseDevelopmentEmulator=true;";
}
