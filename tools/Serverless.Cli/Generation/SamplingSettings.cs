using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console.Cli;

namespace Serverless.Cli.Generation;

/// <summary>Options of commands that generate text; the API checks their bounds.</summary>
internal class SamplingSettings : ApiSettings
{
    [CommandArgument(0, "<MODEL>")]
    [Description("Model as name, name:version or name:alias.")]
    public string Model { get; init; } = "";

    [CommandOption("--temperature <NUMBER>")]
    [Description("0 takes the most likely token, always; 1 samples as the model says. Default: 1.")]
    public double? Temperature { get; init; }

    [CommandOption("--max-tokens <COUNT>")]
    [Description("The most tokens of an answer.")]
    public int? MaxTokens { get; init; }

    [CommandOption("--seed <NUMBER>")]
    [Description("Same seed, same prompt: same text.")]
    public long? Seed { get; init; }

    /// <summary>The options as parameters of a streamed request; those that are not set are null, which is their default.</summary>
    protected Dictionary<string, object?> ToParameters(string prompt, object value) => new()
    {
        ["model"] = Model,
        [prompt] = value,
        ["temperature"] = Temperature,
        ["max_tokens"] = MaxTokens,
        ["seed"] = Seed,
        ["stream"] = true,
    };
}
