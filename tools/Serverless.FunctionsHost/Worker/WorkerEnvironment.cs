using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Worker;

/// <summary>The environment a worker starts with: the host's own, the app's local settings, and what the worker itself asks for.</summary>
internal static class WorkerEnvironment
{
    // The worker picks its own port; these would make it listen on the host's as well.
    private static readonly string[] Removed =
        ["ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "ASPNETCORE_HTTPS_PORTS", "DOTNET_URLS", "URLS", "HTTP_PORTS", "HTTPS_PORTS"];

    public static void Apply(IDictionary<string, string?> environment, HostSettings settings, string hostName)
    {
        foreach (var name in Removed) environment.Remove(name);
        foreach (var (name, value) in settings.LocalValues)
            environment.TryAdd(name.Replace(":", "__", StringComparison.Ordinal), value);

        // The worker sends its log lines over the same stream as its answers: a line or two per request halve the throughput.
        environment.TryAdd("Logging__LogLevel__Microsoft.AspNetCore", "Warning");
        environment.TryAdd("Logging__LogLevel__Microsoft.Hosting.Lifetime", "Warning");
        environment.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        environment["FUNCTIONS_APPLICATION_DIRECTORY"] = settings.AppDirectory;
        environment["FUNCTIONS_WORKER_DIRECTORY"] = settings.AppDirectory;
        environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        environment["WEBSITE_HOSTNAME"] = hostName;
    }
}
