using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Staging;

/// <summary>Takes a request of several rows apart into smaller ones, and puts their answers together.</summary>
internal static class MicroBatches
{
    // With four for each stage, the time in which stages have nothing to do is small beside the rest (GPipe, arXiv 1811.06965).
    private const int ForEachStage = 4;

    /// <summary>How many a request is worth; 1 when it has no rows that could go apart.</summary>
    public static int CountFor(IReadOnlyList<Tensor> inputs, int stages)
    {
        if (inputs.Count == 0 || inputs[0].Dimensions is not [> 1 and <= int.MaxValue, ..])
            return 1;
        var rows = inputs[0].Dimensions[0];
        return inputs.All(input => input.Datatype != TensorDatatype.Bytes && input.Dimensions is [var own, ..] && own == rows)
            ? (int)Math.Min(rows, ForEachStage * stages)
            : 1;
    }

    /// <summary>The rows of <paramref name="inputs"/>, which are disposed, in <paramref name="count"/> parts as even as can be.</summary>
    public static BufferTensor[][] Split(IReadOnlyList<Tensor> inputs, int count)
    {
        var rows = inputs[0].Dimensions[0];
        var parts = new BufferTensor[count][];
        for (var i = 0; i < count; i++)
        {
            var (first, end) = (rows * i / count, rows * (i + 1) / count);
            parts[i] = [.. inputs.Select(input => Rows(input, first, end - first))];
        }

        foreach (var input in inputs)
            input.Dispose();
        return parts;
    }

    /// <summary>One outcome of <paramref name="parts"/>, which are disposed.</summary>
    /// <exception cref="InferenceException">The answers do not fit together.</exception>
    public static RunOutcome Join(IReadOnlyList<RunOutcome> parts)
    {
        try
        {
            Tensor[] outputs = [.. parts[0].Outputs.Select((_, index) => Join([.. parts.Select(part => part.Outputs[index])]))];
            return new RunOutcome(
                outputs, parts.Max(part => part.Queue), Sum(parts, part => part.Run), parts.Sum(part => part.Rows))
            { Device = Sum(parts, part => part.Device) };
        }
        finally
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }

    private static BufferTensor Rows(Tensor tensor, long first, long count)
    {
        long[] shape = [count, .. tensor.Dimensions.AsSpan(1)];
        var size = (int)(tensor.Data.Length / tensor.Dimensions[0]);
        var buffer = TensorBuffer.Rent((int)count * size);
        tensor.Data.Slice((int)first * size, buffer.Length).CopyTo(buffer.Span);
        return new BufferTensor(tensor.Name, tensor.Datatype, shape, buffer);
    }

    private static BufferTensor Join(Tensor[] parts)
    {
        var first = parts[0];
        if (Array.Exists(parts, part => part.Dimensions.Length == 0 || !part.Dimensions.AsSpan(1).SequenceEqual(first.Dimensions.AsSpan(1))))
        {
            throw new InferenceException(
                ErrorKind.Internal, $"The stages answered rows of output '{first.Name}' in shapes that do not fit together; send one row at a time.");
        }

        long[] shape = [parts.Sum(part => part.Dimensions[0]), .. first.Dimensions.AsSpan(1)];
        var buffer = TensorBuffer.Rent(checked((int)parts.Sum(part => (long)part.Data.Length)));
        var target = buffer.Span;
        foreach (var part in parts)
        {
            part.Data.CopyTo(target);
            target = target[part.Data.Length..];
        }

        return new BufferTensor(first.Name, first.Datatype, shape, buffer);
    }

    private static TimeSpan Sum(IReadOnlyList<RunOutcome> parts, Func<RunOutcome, TimeSpan> of) =>
        new(parts.Sum(part => of(part).Ticks));
}
