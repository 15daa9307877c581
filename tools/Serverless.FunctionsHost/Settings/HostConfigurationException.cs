namespace Serverless.FunctionsHost.Settings;

/// <summary>Something a person wrote in a settings file, a variable or on the command line cannot be used.</summary>
internal sealed class HostConfigurationException(string message) : Exception(message);
