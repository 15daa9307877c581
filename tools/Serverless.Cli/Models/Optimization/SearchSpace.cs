using Serverless.Models.Manifest;
using Serverless.Optimization.Passes;

namespace Serverless.Cli.Models.Optimization;

/// <summary>What <c>--search</c> tries, from the gentlest to the smallest.</summary>
internal static class SearchSpace
{
    // Dynamic int8 keeps rows from running together, and many streams of a decoder live from just that.
    private static readonly string[] Always =
        ["int8", "int8-block", "int4:block=32,symmetric=false", "int4:block=32", "int4:block=128", "prune:sparsity=0.3 + int8"];

    private static readonly string[] Tensors = ["int8-dynamic"];

    public static IReadOnlyList<IReadOnlyList<PassStep>> For(ModelManifest parent) =>
        [.. (parent.Task == ModelTasks.TextGeneration ? Always : Always.Concat(Tensors)).Select(Parse)];

    private static PassStep[] Parse(string text) => [.. text.Split(" + ").Select(PassStep.Parse)];
}
