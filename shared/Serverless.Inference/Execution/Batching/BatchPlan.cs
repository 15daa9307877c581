using Serverless.Inference.Onnx;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Execution.Batching;

/// <summary>How a model's rows may run together, by what was proved when it was pushed.</summary>
internal sealed class BatchPlan
{
    private readonly bool[] _sequenceInputs;
    private readonly HashSet<string> _sequenceOutputs;

    // Dimensions that follow the rows (the first) or the length (the second) are -1; null where another one is open.
    private readonly Dictionary<string, long[]?> _outputs;

    public BatchPlan(OnnxSignature signature, BatchingRecord? proof)
    {
        MaxRows = Math.Max(1, proof?.MaxBatch ?? 1);
        IsSteady = proof?.IsSteady == true;
        var sequence = MaxRows > 1 ? proof?.Sequence : null;
        _sequenceInputs = [.. signature.Inputs.Select(input => sequence?.Inputs.Contains(input.Name) == true)];
        _sequenceOutputs = [.. sequence?.Outputs ?? []];
        SequenceInput = Array.IndexOf(_sequenceInputs, true);
        Signature = signature;
        _outputs = signature.Outputs.ToDictionary(output => output.Name, Settled, StringComparer.Ordinal);
    }

    public OnnxSignature Signature { get; }

    /// <summary>The most rows that may run together.</summary>
    public int MaxRows { get; }

    /// <summary>Whether runs take what runs of so many rows took before, whatever the values.</summary>
    public bool IsSteady { get; }

    /// <summary>The first input with a length, -1 when the model takes no sequences.</summary>
    public int SequenceInput { get; }

    public bool IsSequence => SequenceInput >= 0;

    public bool IsSequenceInput(int index) => _sequenceInputs[index];

    public bool IsSequenceOutput(string name) => _sequenceOutputs.Contains(name);

    /// <summary>
    /// Shapes of outputs where signature and proof settle them; null when one is only known once it has been computed.
    /// </summary>
    public long[][]? ShapesOf(IReadOnlyList<string> outputs, WorkShape shape)
    {
        var shapes = new long[outputs.Count][];
        for (var i = 0; i < shapes.Length; i++)
        {
            if (_outputs[outputs[i]] is not { } known)
                return null;
            shapes[i] = [.. known];
            if (known.Length > 0 && known[0] < 0)
                shapes[i][0] = shape.Rows;
            if (known.Length > 1 && known[1] < 0)
                shapes[i][1] = shape.Width;
        }

        return shapes;
    }

    /// <summary>
    /// The plan of a package. Embedders that were pushed before lengths were recorded were proved with padding all the same.
    /// </summary>
    public static BatchPlan Of(ModelManifest manifest, OnnxSignature signature)
    {
        var proof = manifest.Batching;
        if (proof is { MaxBatch: > 1, Sequence: null } && manifest.Task == ModelTasks.TextEmbedding)
        {
            var names = signature.Inputs.Select(input => input.Name).ToArray();
            var outputs = signature.Outputs.Where(output => output.Shape is [_, < 0, ..]).Select(output => output.Name).ToArray();
            proof = proof with { Sequence = new SequenceRecord(names, outputs, "attention_mask") };
        }

        return new BatchPlan(signature, proof);
    }

    private long[]? Settled(TensorSignature output)
    {
        if (output.Datatype == "BYTES")
            return null;
        for (var axis = 0; axis < output.Shape.Count; axis++)
        {
            var follows = axis == 0 ? MaxRows > 1 : axis == 1 && IsSequenceOutput(output.Name);
            if (output.Shape[axis] < 0 && !follows)
                return null;
        }

        return [.. output.Shape];
    }
}
