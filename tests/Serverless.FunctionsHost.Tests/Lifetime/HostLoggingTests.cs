using Microsoft.Extensions.Configuration;
using Serverless.FunctionsHost.Lifetime;
using Serverless.FunctionsHost.Settings;

namespace Serverless.FunctionsHost.Tests.Lifetime;

public sealed class HostLoggingTests
{
    [Fact]
    public void Defaults_HostJsonWritesDefaultInLowerCase_ReplacesTheDefault()
    {
        var hostJson = HostJson.Parse("""{"version": "2.0", "logging": {"logLevel": {"default": "Error"}}}""", "host.json");

        var configuration = new ConfigurationBuilder().Add(HostLogging.Defaults(hostJson)).Build();

        Assert.Equal("Error", configuration["Logging:LogLevel:Default"]);
    }
}
