using Microsoft.Extensions.Configuration.Memory;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Lifetime;

internal static class HostLogging
{
    /// <summary>Log levels below any other source: quiet frameworks (they log every request), then what host.json says.</summary>
    public static MemoryConfigurationSource Defaults(HostJson hostJson)
    {
        // Configuration keys do not mind case: host.json says "default" where .NET says "Default".
        var levels = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Logging:LogLevel:Default"] = "Information",
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            ["Logging:LogLevel:Yarp"] = "Warning",
            ["Logging:LogLevel:Grpc"] = "Warning",
        };
        foreach (var (category, level) in hostJson.LogLevels) levels[$"Logging:LogLevel:{category}"] = level;
        return new MemoryConfigurationSource { InitialData = levels };
    }
}
