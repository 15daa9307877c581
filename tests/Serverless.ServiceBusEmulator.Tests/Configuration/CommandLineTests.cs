using Serverless.ServiceBusEmulator.Configuration;

namespace Serverless.ServiceBusEmulator.Tests.Configuration;

public sealed class CommandLineTests
{
    [Fact]
    public void TryRead_AllOptions_AreTaken()
    {
        var isRead = CommandLine.TryRead(
            [
                "--config", "c", "--data", "d", "--address", "0.0.0.0", "--amqp-port", "0", "--http-port", "8", "--ports-file", "p",
                "--cache-mb", "9",
            ],
            out var options, out _);

        Assert.True(isRead);
        Assert.Equal(
            new EmulatorOptions
            {
                ConfigPath = "c",
                DataDirectory = "d",
                Address = "0.0.0.0",
                AmqpPort = 0,
                HttpPort = 8,
                PortsFile = "p",
                CacheMegabytes = 9,
            },
            options);
    }

    [Fact]
    public void TryRead_InMemory_KeepsNothing()
    {
        CommandLine.TryRead(["--in-memory"], out var options, out _);

        Assert.Null(options.DataDirectory);
    }

    [Theory]
    [InlineData("--amqp-port", "70000", "--amqp-port must be a number from 0 to 65535, not '70000'")]
    [InlineData("--address", "host", "--address must be an IP address, not 'host'")]
    [InlineData("--what", "x", "'--what' is not an option")]
    public void TryRead_Mistake_IsNamed(string name, string value, string message)
    {
        Assert.False(CommandLine.TryRead([name, value], out _, out var error));
        Assert.Contains(message, error, StringComparison.Ordinal);
    }
}
