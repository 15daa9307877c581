using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;
using Serverless.Optimization.Graphs;
using static Onnx.TensorProto.Types;

namespace Serverless.Optimization.Partitioning;

/// <summary>The stages of a model as files and sessions, run one after another in this process.</summary>
public sealed class PartitionedModel : IDisposable
{
    private readonly List<OnnxSession> _sessions = [];
    private readonly IReadOnlyList<string> _outputs;

    private PartitionedModel(IReadOnlyList<string> outputs) => _outputs = outputs;

    /// <summary>The stages, in order.</summary>
    public IReadOnlyList<PartitionStage> Stages { get; private set; } = [];

    /// <summary>Cuts a model and writes <c>stage-1/model.onnx</c> and so on into <paramref name="folder"/>.</summary>
    /// <exception cref="ModelRefusedException">It cannot be cut into so many stages, or a stage cannot be run.</exception>
    public static PartitionedModel Write(ModelGraph model, int stages, string folder)
    {
        var partitioned = new PartitionedModel([.. model.Graph.Output.Select(output => output.Name)]);
        try
        {
            partitioned.Stages =
                [.. GraphCutter.Cut(model, stages).Select((stage, index) => partitioned.Open(stage, Path.Combine(folder, $"stage-{index + 1}")))];
            return partitioned;
        }
        catch
        {
            partitioned.Dispose();
            throw;
        }
    }

    /// <summary>The largest difference between what the stages answer and what the whole does, on rows of random numbers.</summary>
    /// <param name="graph">The whole model's file.</param>
    /// <exception cref="ModelRefusedException">It takes no rows of random numbers.</exception>
    public double DistanceFrom(string graph)
    {
        using var whole = OnnxSession.Open(graph, ExecutionProvider.Cpu);
        foreach (var rows in new RandomRows(whole.Signature, mixed: false).Sets(1))
        {
            if (RowBatch.TryRun(whole, rows) is not { } wanted)
                continue;
            var found = Run(rows[0]);
            var distance = wanted.Max(tensor => Distance(tensor, found[tensor.Name]));
            foreach (var tensor in wanted.Concat(found.Values))
                tensor.Dispose();
            return distance;
        }

        throw new ModelRefusedException("no random inputs were found that it takes, so that its stages cannot be checked");
    }

    /// <inheritdoc/>
    public void Dispose() => _sessions.ForEach(session => session.Dispose());

    /// <summary>Every value that the stages made, the model's outputs among them. They belong to the caller.</summary>
    internal Dictionary<string, BufferTensor> Run(SampleRow row)
    {
        var values = RowBatch.Pack([row]).ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var given = values.Keys.ToList();
        foreach (var session in _sessions)
        {
            var inputs = session.Signature.Inputs.Select(input => values[input.Name]).ToList();
            string[] outputs = [.. session.Signature.Outputs.Select(output => output.Name)];
            foreach (var made in session.Run(inputs, outputs, CancellationToken.None))
            {
                values.Add(made.Name, BufferTensor.CopyOf(made));
                made.Dispose();
            }
        }

        foreach (var name in given)
        {
            values[name].Dispose();
            values.Remove(name);
        }

        return values;
    }

    private static double Distance(Tensor wanted, Tensor found)
    {
        if (!wanted.Shape.SequenceEqual(found.Shape))
            return double.PositiveInfinity;
        return Enumerable.Range(0, (int)wanted.Count).Select(i =>
            Math.Abs(TensorElements.At(wanted.Datatype, wanted.Data, i) - TensorElements.At(found.Datatype, found.Data, i))).DefaultIfEmpty().Max();
    }

    // What comes from earlier stages has the type and shape that they say it has.
    private PartitionStage Open(GraphStage stage, string folder)
    {
        foreach (var input in stage.Model.Graph.Input.Where(input => stage.Received.Contains(input.Name)))
            input.Type = ToType(_sessions.SelectMany(session => session.Signature.Outputs).First(output => output.Name == input.Name));
        var path = ModelGraph.Of(stage.Model).Write(folder);
        _sessions.Add(OnnxSession.Open(path, ExecutionProvider.Cpu, WeightOnlyQuantization.Is(stage.Model)));
        return new PartitionStage(path, stage.WeightBytes, stage.Received, [.. stage.Model.Graph.Output.Select(output => output.Name).Except(_outputs)]);
    }

    private static TypeProto ToType(TensorSignature signature)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(signature.Shape.Select((size, axis) => size >= 0
            ? new TensorShapeProto.Types.Dimension { DimValue = size }
            : new TensorShapeProto.Types.Dimension { DimParam = $"{signature.Name}_{axis}" }));
        return new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)ElementTypeOf(signature), Shape = shape } };
    }

    private static DataType ElementTypeOf(TensorSignature signature) => signature.Datatype switch
    {
        "BOOL" => DataType.Bool,
        "BYTES" => DataType.String,
        "FP16" => DataType.Float16,
        "BF16" => DataType.Bfloat16,
        "FP32" => DataType.Float,
        "FP64" => DataType.Double,
        "INT8" => DataType.Int8,
        "INT16" => DataType.Int16,
        "INT32" => DataType.Int32,
        "INT64" => DataType.Int64,
        "UINT8" => DataType.Uint8,
        "UINT16" => DataType.Uint16,
        "UINT32" => DataType.Uint32,
        "UINT64" => DataType.Uint64,
        _ => throw new ModelRefusedException($"the value '{signature.Name}' between two stages has the type {signature.Datatype}, which none can hand over"),
    };
}
