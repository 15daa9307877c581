namespace Serverless.ContainerHost.Settings;

/// <summary>The host cannot run as it was told to.</summary>
internal sealed class ContainerHostException(string message, Exception? inner = null) : Exception(message, inner);
