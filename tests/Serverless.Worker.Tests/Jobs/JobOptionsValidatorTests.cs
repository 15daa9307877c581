using Serverless.Worker.Jobs;

namespace Serverless.Worker.Tests.Jobs;

public sealed class JobOptionsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreValid() => Assert.True(new JobOptionsValidator().Validate(null, new JobOptions()).Succeeded);

    [Fact]
    public void Validate_EachSettingOutOfItsRange_IsNamed()
    {
        var options = new JobOptions
        {
            Pool = "Not a pool",
            ShardsAtOnce = 0,
            RequestsAtOnce = 1001,
            LinesInFlight = 0,
            BytesInFlight = 1,
            SegmentInterval = TimeSpan.Zero,
            MaxRun = TimeSpan.FromHours(1),
        };

        var failures = new JobOptionsValidator().Validate(null, options).Failures;

        Assert.Equal(
            ["Pool", "ShardsAtOnce", "RequestsAtOnce", "LinesInFlight", "BytesInFlight", "SegmentInterval", "MaxRun"],
            failures!.Select(failure => failure.Split(':')[1].Split(' ')[0]));
    }
}
