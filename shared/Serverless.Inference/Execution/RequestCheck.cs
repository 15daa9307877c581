using Serverless.Contracts.Errors;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Execution;

/// <summary>Holds what a caller says against what a model takes, before any of it costs anything.</summary>
public static class RequestCheck
{
    /// <summary>The model's input <paramref name="name"/>.</summary>
    /// <exception cref="InferenceException">It has none.</exception>
    public static TensorSignature Input(OnnxSignature signature, string name) =>
        signature.Inputs.FirstOrDefault(input => input.Name == name)
        ?? throw Invalid($"The model has no input '{Text(name)}'; it takes {Names(signature.Inputs)}.", "inputs");

    /// <summary>Checks datatype and shape of one input, and returns its number of elements.</summary>
    public static long Fit(TensorSignature wanted, string datatype, IReadOnlyList<long> shape)
    {
        if (datatype != wanted.Datatype)
        {
            throw Invalid(
                Datatypes.TryParse(datatype, out _)
                    ? $"Input '{wanted.Name}' has datatype {datatype}; the model wants {wanted.Datatype}."
                    : $"Input '{wanted.Name}' has the unknown datatype '{Text(datatype)}'; the model wants {wanted.Datatype}.",
                wanted.Name);
        }

        if (!TensorShape.TryCount([.. shape], out var count))
        {
            throw Invalid(
                $"Input '{wanted.Name}' has shape {TensorShape.Format(shape)}: dimensions cannot be negative or overflow.", wanted.Name);
        }

        return TensorShape.Fits(shape, wanted.Shape)
            ? count
            : throw Invalid(
                $"Input '{wanted.Name}' has shape {TensorShape.Format(shape)}; the model wants {TensorShape.Format(wanted.Shape)}"
                + (wanted.Shape.Contains(-1) ? " (-1 takes any size)." : "."),
                wanted.Name);
    }

    /// <summary>Checks that every input is there.</summary>
    public static void Complete(OnnxSignature signature, IEnumerable<string> given)
    {
        var missing = signature.Inputs.Select(input => input.Name).Except(given, StringComparer.Ordinal).ToList();
        if (missing.Count > 0)
            throw Invalid($"The input '{missing[0]}' is missing; the model takes {Names(signature.Inputs)}.", missing[0]);
    }

    /// <summary>The outputs to run for: those <paramref name="requested"/>, or all when it is null.</summary>
    public static IReadOnlyList<string> Outputs(OnnxSignature signature, IReadOnlyList<string>? requested)
    {
        if (requested is null)
            return [.. signature.Outputs.Select(output => output.Name)];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in requested)
        {
            if (signature.Outputs.All(output => output.Name != name))
                throw Invalid($"The model has no output '{Text(name)}'; it has {Names(signature.Outputs)}.", "outputs");
            if (!seen.Add(name))
                throw Invalid($"The output '{name}' is requested twice.", "outputs");
        }

        return requested;
    }

    private static string Names(IReadOnlyList<TensorSignature> tensors) =>
        tensors.Count == 0 ? "none" : string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));

    // Names come back in messages: cut them, and let no control character through.
    private static string Text(string name)
    {
        var cut = name.Length <= 100 ? name : name[..100] + "…";
        return string.Concat(cut.Select(character => char.IsControl(character) ? '?' : character));
    }

    private static InferenceException Invalid(string message, string param) => new(ErrorKind.InvalidRequest, message, param);
}
