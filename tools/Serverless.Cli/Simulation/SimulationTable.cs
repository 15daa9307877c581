using Spectre.Console;

namespace Serverless.Cli.Simulation;

/// <summary>The figures of a simulation on the console.</summary>
internal static class SimulationTable
{
    public static void Print(IAnsiConsole console, IReadOnlyList<(string Name, string Value)> figures)
    {
        var table = new Table().HideHeaders().AddColumn("").AddColumn(new TableColumn("").RightAligned());
        foreach (var (name, value) in figures)
            table.AddRow(Markup.Escape(name), Markup.Escape(value));

        console.Write(table);
    }
}
