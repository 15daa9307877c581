namespace Serverless.ServiceBusEmulator.Configuration;

/// <summary>The emulator cannot run as it was configured; the message says why.</summary>
public sealed class ConfigException(string message) : Exception(message);
