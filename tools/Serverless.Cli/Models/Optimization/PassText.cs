using Serverless.Models.Manifest;
using Serverless.Optimization.Passes;

namespace Serverless.Cli.Models.Optimization;

/// <summary>Passes for people.</summary>
internal static class PassText
{
    public static string Of(IEnumerable<PassRecord> passes) => string.Join(" + ", passes.Select(Of));

    /// <summary>Without parameters that are at their defaults.</summary>
    public static string Short(IEnumerable<PassRecord> passes) => string.Join(" + ", passes.Select(pass =>
        PassStep.Parse($"{pass.Name}:{string.Join(',', pass.Parameters.Select(pair => $"{pair.Key}={pair.Value}"))}").ToString()));

    private static string Of(PassRecord pass) =>
        pass.Parameters.Count == 0 ? pass.Name : $"{pass.Name} ({string.Join(", ", pass.Parameters.Select(pair => $"{pair.Key}={pair.Value}"))})";
}
