namespace Serverless.Conformance.Data;

/// <summary>One case: a model, its inputs and what it must answer.</summary>
/// <param name="Model">What the model is called in the worker's store.</param>
/// <param name="Title">What ONNX calls the case.</param>
/// <param name="File">Its model.</param>
internal sealed record OnnxCase(string Model, string Title, string File)
{
    private string Folder => Path.Combine(Path.GetDirectoryName(File)!, "test_data_set_0");

    /// <summary>The inputs; null when one of them is not a tensor that the Open Inference Protocol has a datatype for.</summary>
    public IReadOnlyList<CaseTensor>? ReadInputs(IReadOnlyList<string> names) => Read("input", names);

    /// <summary>The outputs that are expected, null as above.</summary>
    public IReadOnlyList<CaseTensor>? ReadOutputs(IReadOnlyList<string> names) => Read("output", names);

    private CaseTensor[]? Read(string role, IReadOnlyList<string> names)
    {
        var tensors = new List<CaseTensor>();
        for (var i = 0; i < names.Count; i++)
        {
            var file = Path.Combine(Folder, $"{role}_{i}.pb");
            // A case may leave optional outputs out.
            if (!System.IO.File.Exists(file))
                break;
            if (TensorProtos.TryRead(System.IO.File.ReadAllBytes(file), names[i]) is not { } tensor)
                return null;
            tensors.Add(tensor);
        }

        return [.. tensors];
    }
}
