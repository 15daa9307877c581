namespace Serverless.Inference.Onnx;

/// <summary>The provider that this process uses.</summary>
/// <param name="Provider">Which.</param>
/// <param name="Reason">Why this one: a sentence for logs and for a model's metadata.</param>
public sealed record ExecutionProviderChoice(ExecutionProvider Provider, string Reason)
{
    /// <summary>Its name as written in configuration.</summary>
    public string Name => NameOf(Provider);

    internal static string NameOf(ExecutionProvider provider) => provider switch
    {
        ExecutionProvider.Cuda => "cuda",
        ExecutionProvider.TensorRt => "tensorrt",
        _ => "cpu",
    };
}
