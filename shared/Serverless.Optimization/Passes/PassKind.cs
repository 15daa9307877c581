namespace Serverless.Optimization.Passes;

/// <summary>A pass that can be named.</summary>
/// <param name="Name">Its name on the command line and in manifests.</param>
/// <param name="Description">What it does, for people.</param>
/// <param name="Parameters">Its parameters, with what each allows.</param>
/// <param name="Create">Makes it from parameters that were checked.</param>
internal sealed record PassKind(
    string Name, string Description, IReadOnlyList<PassParameter> Parameters, Func<PassSettings, IOptimizationPass> Create)
{
    /// <summary>Whether it looks at what the model's values become on sample inputs.</summary>
    public bool IsCalibrated { get; init; }

    /// <summary>Whether it trains what it makes on texts.</summary>
    public bool IsTrained { get; init; }
}
