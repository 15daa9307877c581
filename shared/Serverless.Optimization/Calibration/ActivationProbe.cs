using System.Runtime.InteropServices;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Calibration;

/// <summary>Runs a model on its samples, one row at a time, and shows what values within it become.</summary>
internal static class ActivationProbe
{
    private const int MadeUp = 32;

    /// <summary>Takes the numbers of a value, whose last dimension is <paramref name="width"/>.</summary>
    public delegate void Seen(string value, ReadOnlySpan<float> numbers, int width);

    /// <summary>Shows each of <paramref name="values"/> that holds floats, once for each row.</summary>
    /// <param name="model">The model.</param>
    /// <param name="values">What to show.</param>
    /// <param name="see">Takes it.</param>
    /// <param name="rows">What to run; the model's samples unless given.</param>
    /// <exception cref="ModelRefusedException">It does not take its samples, or has none and takes none that are made up.</exception>
    public static void Run(ModelGraph model, IReadOnlyCollection<string> values, Seen see, IReadOnlyList<SampleRow>? rows = null)
    {
        var folder = Directory.CreateTempSubdirectory("serverless-calibrate-");
        try
        {
            var probe = ModelGraph.Of(model.Model);
            var known = probe.Graph.Output.Concat(probe.Graph.Input).Select(value => value.Name).ToHashSet(StringComparer.Ordinal);
            probe.Graph.Output.Add(values.Where(value => !known.Contains(value)).Select(value => new ValueInfoProto { Name = value }));
            using var session = OnnxSession.Open(probe.Write(folder.FullName), ExecutionProvider.Cpu, WeightOnlyQuantization.Is(probe.Model));
            var wanted = values.ToHashSet(StringComparer.Ordinal);
            foreach (var row in rows ?? (model.Samples.Count > 0 ? model.Samples : MakeUp(session)))
                Run(session, row, wanted, see);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(OnnxSession session, SampleRow row, HashSet<string> wanted, Seen see)
    {
        foreach (var input in row.Inputs.Where(input => wanted.Contains(input.Name) && input.Datatype == TensorDatatype.Fp32))
            see(input.Name, MemoryMarshal.Cast<byte, float>(input.Data), (int)input.Shape[^1]);
        var outputs = RowBatch.TryRun(session, [row]) ?? throw new ModelRefusedException("it does not take the rows that it is to be calibrated on");
        foreach (var output in outputs)
        {
            if (wanted.Contains(output.Name) && output is { Datatype: TensorDatatype.Fp32, Count: > 0 })
                see(output.Name, MemoryMarshal.Cast<byte, float>(output.Data), output.Shape.Count == 0 ? 1 : (int)output.Shape[^1]);
            output.Dispose();
        }
    }

    private static IReadOnlyList<SampleRow> MakeUp(OnnxSession session)
    {
        foreach (var rows in new RandomRows(session.Signature, mixed: false).Sets(MadeUp))
        {
            if (RowBatch.TryRun(session, rows.Take(1).ToList()) is not { } taken)
                continue;
            foreach (var output in taken)
                output.Dispose();
            return rows;
        }

        throw new ModelRefusedException("no random inputs were found that it takes, to calibrate it on: give real ones");
    }
}
