using Serverless.Models.Manifest;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Passes for people.</summary>
internal static class PassText
{
    public static string Of(IEnumerable<PassRecord> passes) => string.Join(" + ", passes.Select(Of));

    private static string Of(PassRecord pass) =>
        pass.Parameters.Count == 0 ? pass.Name : $"{pass.Name} ({string.Join(", ", pass.Parameters.Select(pair => $"{pair.Key}={pair.Value}"))})";
}
