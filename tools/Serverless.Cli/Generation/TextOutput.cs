using Spectre.Console;

namespace Serverless.Cli.Generation;

/// <summary>Shows a model's text as it comes. Control characters are left out: a terminal would obey them.</summary>
internal sealed class TextOutput(IAnsiConsole console)
{
    private readonly TextWriter _writer = console.Profile.Out.Writer;

    public void Write(string? text)
    {
        foreach (var letter in text ?? "")
        {
            if (!char.IsControl(letter) || letter is '\n' or '\t')
                _writer.Write(letter);
        }

        _writer.Flush();
    }

    public void WriteLine()
    {
        _writer.WriteLine();
        _writer.Flush();
    }
}
