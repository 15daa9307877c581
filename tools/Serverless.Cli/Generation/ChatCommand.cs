using System.ComponentModel;
using Serverless.Cli.Api;
using Spectre.Console;
using Spectre.Console.Cli;

namespace Serverless.Cli.Generation;

/// <summary><c>infer chat MODEL</c>: a conversation, answers shown as they come. Each line that is piped in is a message.</summary>
internal sealed class ChatCommand(IAnsiConsole console, Terminal terminal) : AsyncCommand<ChatCommand.Settings>
{
    internal sealed class Settings : SamplingSettings
    {
        [CommandOption("--system <TEXT>")]
        [Description("The system's instruction, which goes before everything.")]
        public string? System { get; init; }

        public Dictionary<string, object?> ToRequest(object messages) => ToParameters("messages", messages);
    }

    public override async Task<int> ExecuteAsync(CommandContext context, Settings settings, CancellationToken cancellationToken)
    {
        using var api = new ApiClient(settings.BaseUrl, settings.ApiKey);
        var conversation = new Conversation(api, settings.ToRequest, settings.System);
        if (terminal.IsInteractive)
            console.MarkupLine("[grey]/exit ends, /reset begins anew, Ctrl+C stops an answer.[/]");
        while (await ReadAsync(cancellationToken) is { } line)
        {
            switch (line.Trim())
            {
                case "":
                    break;
                case "/exit":
                    return 0;
                case "/reset":
                    conversation.Reset();
                    break;
                default:
                    await AnswerAsync(conversation, line);
                    break;
            }
        }

        return 0;
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        if (terminal.IsInteractive)
            console.Markup("[green]>[/] ");
        // The console's reader does not know the token: a line that is being typed would keep the program from ending.
        return await Task.Run(terminal.Input.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
    }

    private async Task AnswerAsync(Conversation conversation, string line)
    {
        var output = new TextOutput(console);
        try
        {
            var isWhole = await terminal.Interruption.RunAsync(stop => conversation.SayAsync(line, output.Write, stop));
            output.WriteLine();
            if (!isWhole)
                console.MarkupLine("[yellow]Stopped.[/]");
        }
        catch (Exception error) when (terminal.IsInteractive && error is ApiException or HttpRequestException or IOException)
        {
            // Whoever sits there may try something else; a script must not go on as if there were an answer.
            output.WriteLine();
            console.MarkupLineInterpolated($"[red]{error.Message}[/]");
        }
    }
}
