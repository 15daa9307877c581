using Serverless.Models.Loading;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx;

/// <summary>A graph and the memory that its weights lie in.</summary>
/// <param name="Graph">The ONNX model; its external data is called <see cref="LoadedPackage.WeightsFileName"/>.</param>
/// <param name="Weights">The initializers that lie outside the graph.</param>
/// <param name="Optimization">What the graph was optimised for; null when it was not.</param>
/// <param name="Memory">Where the weights lie.</param>
internal sealed record PackageGraph(
    ReadOnlyMemory<byte> Graph, IReadOnlyList<WeightTensor> Weights, OptimizationRecord? Optimization, IWeightMemory Memory)
{
    /// <summary>The graph of a package, which is disposed with the session.</summary>
    public static PackageGraph Of(LoadedPackage package) =>
        new(package.Graph, package.Manifest.Weights, package.Manifest.Optimization, new PackageMemory(package));

    private sealed class PackageMemory(LoadedPackage package) : IWeightMemory
    {
        public string? Path => package.WeightsPath;

        public nint AddressOf(WeightTensor tensor) => package.AddressOf(tensor);

        public void Dispose() => package.Dispose();
    }
}
