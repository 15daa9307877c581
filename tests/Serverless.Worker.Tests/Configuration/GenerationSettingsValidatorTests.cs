using Serverless.Worker.Configuration;

namespace Serverless.Worker.Tests.Configuration;

public sealed class GenerationSettingsValidatorTests
{
    [Fact]
    public void Validate_Defaults_AreTaken() => Assert.True(new GenerationSettingsValidator().Validate(null, new GenerationSettings()).Succeeded);

    [Fact]
    public void Validate_SettingThatCannotWork_NamesItsPath() => Assert.Contains(
        "Worker:Generation:MaxRows must be",
        new GenerationSettingsValidator().Validate(null, new GenerationSettings { MaxRows = 0 }).FailureMessage,
        StringComparison.Ordinal);
}
