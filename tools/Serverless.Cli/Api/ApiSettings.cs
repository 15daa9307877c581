using System.ComponentModel;
using Serverless.Topology.Platform;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Api;

/// <summary>Options of every command that calls the API.</summary>
internal class ApiSettings : CommandSettings
{
    [CommandOption("--url <URL>")]
    [Description("Base URL of the API. Default: $INFER_URL, or the local platform's http://127.0.0.1:7071.")]
    public string? Url { get; init; }

    [CommandOption("--key <KEY>")]
    [Description("API key. Default: $INFER_API_KEY, or the local platform's development key.")]
    public string? Key { get; init; }

    public Uri BaseUrl => new(Url ?? Environment.GetEnvironmentVariable("INFER_URL") ?? "http://127.0.0.1:7071");

    public string ApiKey => Key ?? Environment.GetEnvironmentVariable("INFER_API_KEY") ?? DevelopmentKey.Find() ?? "";

    public override ValidationResult Validate() =>
        Url is not null && !Uri.TryCreate(Url, UriKind.Absolute, out _)
            ? ValidationResult.Error($"--url must be an absolute URL, not '{Url}'.")
            : ValidationResult.Success();
}
