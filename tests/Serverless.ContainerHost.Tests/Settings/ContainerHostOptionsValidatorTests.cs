using Serverless.ContainerHost.Settings;

namespace Serverless.ContainerHost.Tests.Settings;

public sealed class ContainerHostOptionsValidatorTests
{
    [Fact]
    public void Validate_UsualSettings_Succeeds() => Assert.True(Validate(_ => { }).Succeeded);

    [Theory]
    [InlineData("http://0.0.0.0:8090")]
    [InlineData("http://192.0.2.1:8090")]
    [InlineData("https://127.0.0.1:8090")]
    [InlineData("http://127.0.0.1:8090/path")]
    [InlineData("8090")]
    public void Validate_UrlBeyondLoopback_NamesIt(string url)
    {
        var result = Validate(options => options.ManagementUrl = url);

        Assert.Contains("ContainerHost:ManagementUrl must be an http URL of the loopback interface", result.FailureMessage, StringComparison.Ordinal);
        Assert.Contains(url, result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    [InlineData(double.NaN)]
    public void Validate_Speed_SaysWhatIsAllowed(double speed) =>
        Assert.Contains("Speed must be 1 to 100", Validate(options => options.Speed = speed).FailureMessage, StringComparison.Ordinal);

    [Fact]
    public void Validate_NothingToStart_NamesTheSetting()
    {
        var result = Validate(options => options.Replica = new ReplicaTemplate());

        Assert.Contains("ContainerHost:Replica:Program is missing", result.FailureMessage, StringComparison.Ordinal);
        Assert.Contains("ContainerHost:Replica:WorkingDirectory", result.FailureMessage, StringComparison.Ordinal);
    }

    private static Microsoft.Extensions.Options.ValidateOptionsResult Validate(Action<ContainerHostOptions> change)
    {
        var options = new ContainerHostOptions
        {
            ScaleFile = "scale.json",
            Replica = new ReplicaTemplate { Program = "dotnet", WorkingDirectory = AppContext.BaseDirectory },
        };
        change(options);
        return new ContainerHostOptionsValidator().Validate(null, options);
    }
}
