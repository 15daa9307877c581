using Serverless.Inference.Tensors;

namespace Serverless.Worker.OpenInference;

/// <summary>An inference request that fits its model. Owns its inputs until they are handed to a run.</summary>
internal sealed class InferRequest : IDisposable
{
    private bool _taken;

    /// <summary>What it is held against, and what its answer is written by.</summary>
    public required SignatureTable Model { get; init; }

    /// <summary>The caller's id, to be echoed.</summary>
    public string? Id { get; set; }

    /// <summary>One tensor for each input of the model; null where its bytes are still to be read.</summary>
    public BufferTensor?[] Inputs { get; set; } = [];

    /// <summary>How many of <see cref="Inputs"/> are there.</summary>
    public int InputCount { get; set; }

    /// <summary>Inputs whose bytes follow the JSON, in their order; null when there are none.</summary>
    public List<BinaryInput>? BinaryInputs { get; set; }

    /// <summary>Names of the outputs to answer.</summary>
    public IReadOnlyList<string> Outputs { get; set; } = [];

    /// <summary>For each of <see cref="Outputs"/> whether it is to be answered in binary; null when none is.</summary>
    public bool[]? BinaryOutputs { get; set; }

    /// <summary>What the caller wants of the run as a whole; null when it says nothing.</summary>
    public RequestParameters? Parameters { get; set; }

    /// <summary>Rows of the first input, whose first dimension counts them; 1 where it has none. Not once the inputs were taken.</summary>
    public long Rows => Inputs is [{ Shape: [var rows, ..] }, ..] ? rows : 1;

    /// <summary>The inputs, which belong to the caller from now on.</summary>
    public IReadOnlyList<BufferTensor> TakeInputs()
    {
        _taken = true;
        return Inputs!;
    }

    /// <summary>Name of the input at <paramref name="index"/>.</summary>
    public string NameOf(int index) => Inputs[index]?.Name ?? BinaryInputs!.Find(input => input.Index == index)!.Name;

    public bool IsBinary(int output) => BinaryOutputs is not null && BinaryOutputs[output];

    public void Dispose()
    {
        if (_taken)
            return;
        foreach (var input in Inputs)
            input?.Dispose();
    }
}
