using Serverless.Cli;
using Spectre.Console;

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stopping.Cancel();
};

var errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
return await InferApp.Create(AnsiConsole.Console, errors).RunAsync(args, stopping.Token);
