using System.Security.Cryptography;
using System.Text;
using Serverless.Contracts.Configuration;
using Serverless.TestKit;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;

namespace Serverless.Topology.Tests.Platform;

public sealed class PlatformCommandsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Functions_Command_HoldsTheKeysHashAndNotTheKey()
    {
        var options = PlatformOptions.Isolated(_folder.Path);

        var command = new PlatformCommands(Repository.Find(), options).Functions();

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(options.ApiKey)));
        Assert.Equal(hash, command.Environment[$"{Settings.GatewayApiKeys}__0__Sha256"]);
        Assert.DoesNotContain(options.ApiKey, string.Join(' ', command.Arguments.Concat(command.Environment.Values)), StringComparison.Ordinal);
    }

    [Fact]
    public void Functions_HostsBodyLimit_Is16MiBAboveTheGateways()
    {
        var command = new PlatformCommands(Repository.Find(), PlatformOptions.Isolated(_folder.Path)).Functions();

        var host = long.Parse(command.Environment[Settings.HostBodySizeLimit], System.Globalization.CultureInfo.InvariantCulture);
        var gateway = long.Parse(command.Environment[Settings.GatewayMaxBodyBytes], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(16L << 20, host - gateway);
    }

    [Fact]
    public void Worker_MoreSettings_WinOverTheUsualOnes()
    {
        var options = PlatformOptions.Isolated(_folder.Path) with
        {
            WorkerSettings = new Dictionary<string, string> { [Settings.WorkerRequireGpu] = "true" },
        };

        var command = new PlatformCommands(Repository.Find(), options).Worker();

        Assert.Equal("true", command.Environment[Settings.WorkerRequireGpu]);
        Assert.Equal("1", command.Environment["ORT_DISABLE_TELEMETRY"]);
    }

    public void Dispose() => _folder.Dispose();
}
