using Spectre.Console;

namespace Serverless.Cli.Tests;

/// <summary>One run of <c>infer</c> in this process, with what it printed.</summary>
internal sealed record InferRun(int ExitCode, string Output, string Errors)
{
    public static Task<InferRun> OfAsync(params string[] arguments) => WithInputAsync("", arguments);

    /// <summary>One run with <paramref name="input"/> piped in.</summary>
    public static async Task<InferRun> WithInputAsync(string input, params string[] arguments)
    {
        using var interruption = new Interruption();
        var terminal = new Terminal(new StringReader(input), IsInteractive: false, interruption);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await InferApp.Create(Capture(output), Capture(errors), terminal).RunAsync(arguments, TestContext.Current.CancellationToken);
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
