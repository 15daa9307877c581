using Spectre.Console;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Shows what is being done to a candidate.</summary>
internal sealed class StageStatus(StatusContext status, string candidate) : IProgress<string>
{
    public void Report(string value) => status.Status(Markup.Escape($"{candidate}: {value}"));
}
