using Microsoft.Extensions.Options;

namespace Serverless.Worker.Configuration;

/// <summary>Refuses settings that cannot work before anything starts.</summary>
internal sealed class GenerationSettingsValidator : IValidateOptions<GenerationSettings>
{
    public ValidateOptionsResult Validate(string? name, GenerationSettings options) => options.FindFault() is { } fault
        ? ValidateOptionsResult.Fail($"{GenerationSettings.Section}:{fault}")
        : ValidateOptionsResult.Success;
}
