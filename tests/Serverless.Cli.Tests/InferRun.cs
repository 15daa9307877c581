using Spectre.Console;

namespace Serverless.Cli.Tests;

/// <summary>One run of <c>infer</c> in this process, with what it printed.</summary>
internal sealed record InferRun(int ExitCode, string Output, string Errors)
{
    public static async Task<InferRun> OfAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await InferApp.Create(Capture(output), Capture(errors)).RunAsync(arguments, TestContext.Current.CancellationToken);
        return new InferRun(exitCode, output.ToString(), errors.ToString());
    }

    private static IAnsiConsole Capture(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 200;
        return console;
    }
}
