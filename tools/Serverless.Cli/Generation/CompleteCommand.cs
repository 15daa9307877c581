using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Generation;

/// <summary><c>infer complete MODEL PROMPT</c>: continues a text, shown as it comes.</summary>
internal sealed class CompleteCommand(IAnsiConsole console, Terminal terminal) : AsyncCommand<CompleteCommand.Settings>
{
    internal sealed class Settings : SamplingSettings
    {
        [CommandArgument(1, "[PROMPT]")]
        [Description("The text to continue; without it standard input is read.")]
        public string? Prompt { get; init; }

        [CommandOption("--stop <TEXT>")]
        [Description("A text that ends the answer and is no part of it; up to four.")]
        public string[]? Stop { get; init; }

        public Dictionary<string, object?> ToRequest(string prompt)
        {
            var parameters = ToParameters("prompt", prompt);
            parameters["stop"] = Stop;
            return parameters;
        }
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        var prompt = settings.Prompt ?? await terminal.Input.ReadToEndAsync(cancellationToken);
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var output = new TextOutput(console);
        await foreach (var chunk in api.StreamAsync("/v1/completions", settings.ToRequest(prompt), cancellationToken))
        {
            foreach (var choice in chunk.GetProperty("choices").EnumerateArray())
                output.Write(choice.GetProperty("text").GetString());
        }

        output.WriteLine();
        return 0;
    }
}
