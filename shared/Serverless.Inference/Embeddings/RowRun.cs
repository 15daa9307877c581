using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Embeddings;

/// <summary>Runs one row of tokens.</summary>
/// <param name="Output">The output with a vector for each token.</param>
/// <param name="HasTypes">Whether the model takes token types, which are all 0 here.</param>
/// <param name="Terms">On what terms it waits.</param>
internal sealed record RowRun(string Output, bool HasTypes, RunTerms Terms)
{
    private readonly string[] _outputs = [Output];

    public async ValueTask<(float[] Vector, RunOutcome Outcome)> RunAsync(
        ModelLease lease, long[] tokens, CancellationToken cancellationToken)
    {
        using var outcome = await lease.RunAsync(ToTensors(tokens), _outputs, Terms, cancellationToken);
        var hidden = outcome.Outputs[0];
        if (hidden.Dimensions is not [1, var width, _] || width != tokens.Length)
        {
            throw new InferenceException(
                ErrorKind.Internal, $"The model answered {TensorShape.Format(hidden.Shape)} to a row of {tokens.Length} tokens.");
        }

        return (MeanPooling.Pool(hidden, 0, tokens.Length), outcome);
    }

    private BufferTensor[] ToTensors(long[] tokens)
    {
        var ids = Tensor(TextEmbedder.Ids, tokens.Length);
        tokens.CopyTo(ids.Buffer.As<long>());
        var mask = Tensor(TextEmbedder.Mask, tokens.Length);
        mask.Buffer.As<long>().Fill(1);
        if (!HasTypes)
            return [ids.Tensor, mask.Tensor];
        var types = Tensor(TextEmbedder.Types, tokens.Length);
        types.Buffer.Span.Clear();
        return [ids.Tensor, mask.Tensor, types.Tensor];
    }

    private static (BufferTensor Tensor, TensorBuffer Buffer) Tensor(string name, int length)
    {
        var buffer = TensorBuffer.Rent(length * sizeof(long));
        return (new BufferTensor(name, TensorDatatype.Int64, [1, length], buffer), buffer);
    }
}
