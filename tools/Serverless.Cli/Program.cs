using Serverless.Cli;
using Spectre.Console;

using var interruption = new Interruption();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    interruption.Interrupt();
};

var errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
var terminal = new Terminal(Console.In, !Console.IsInputRedirected, interruption);
return await InferApp.Create(AnsiConsole.Console, errors, terminal).RunAsync(args, interruption.Token);
