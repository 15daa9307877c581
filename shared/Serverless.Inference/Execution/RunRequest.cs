using System.Diagnostics;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Execution;

/// <summary>One request of a model.</summary>
/// <param name="Inputs">In the order of the model's signature.</param>
/// <param name="Outputs">Names of the outputs wanted.</param>
/// <param name="Terms">On what terms it waits.</param>
/// <param name="ArrivedAt">When it came.</param>
/// <param name="Cancellation">Cancelled when nobody waits for it any more.</param>
internal readonly record struct RunRequest(
    BufferTensor[] Inputs, IReadOnlyList<string> Outputs, RunTerms Terms, long ArrivedAt, CancellationToken Cancellation)
{
    /// <summary>Its span, when it is sampled.</summary>
    public Activity? Activity { get; init; }

    public void ReleaseInputs()
    {
        foreach (var input in Inputs)
            input.Dispose();
    }
}
