using Serverless.Contracts.Errors;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Serving;

/// <summary>Which models take tensors and answer tensors.</summary>
internal static class PlainInference
{
    /// <summary>
    /// Refuses a decoder: its keys and values are the engine's own, and its runs are steps of many requests at once.
    /// </summary>
    /// <exception cref="InferenceException">The model generates text.</exception>
    public static void Check(ModelLease lease)
    {
        if (lease.Generator is not null)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest,
                $"Model '{lease.Manifest.Name}' generates text: use generate, generate_stream or /v1/completions in place of infer.",
                "model");
        }
    }
}
