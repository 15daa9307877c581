using System.Text.RegularExpressions;

namespace Serverless.Infra.Tests.Containers;

/// <summary>A Dockerfile as a list of instructions.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<(string Name, string Arguments)> instructions) => Instructions = instructions;

    public IReadOnlyList<(string Name, string Arguments)> Instructions { get; }

    /// <summary>Variables of the last stage, which is what runs.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        FinalStage.Where(instruction => instruction.Name == "ENV").SelectMany(instruction => Variable().Matches(instruction.Arguments))
            .ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);

    public IEnumerable<(string Name, string Arguments)> FinalStage =>
        Instructions.Skip(Instructions.ToList().FindLastIndex(instruction => instruction.Name == "FROM"));

    /// <summary>The arguments of its <c>dotnet publish</c>, without where to.</summary>
    public string PublishArguments =>
        Publish().Match(Instructions
            .Single(instruction => instruction.Arguments.Contains("dotnet publish", StringComparison.Ordinal)).Arguments).Groups[1].Value;

    public static Dockerfile Read(string file) => Parse(Tree.Read(file));

    public static Dockerfile Parse(string text)
    {
        var lines = string.Join('\n', text.Split('\n')
            .Where(line => !line.TrimStart().StartsWith('#'))).Replace("\\\n", " ", StringComparison.Ordinal);
        return new Dockerfile([.. lines.Split('\n').Where(line => line.Trim().Length > 0)
            .Select(line => line.Trim().Split(' ', 2, StringSplitOptions.TrimEntries))
            .Select(parts => (parts[0], parts.Length > 1 ? parts[1] : ""))]);
    }

    [GeneratedRegex(@"(\w+)=(\S+)")]
    private static partial Regex Variable();

    [GeneratedRegex("dotnet publish (.*?) -o ")]
    private static partial Regex Publish();
}
