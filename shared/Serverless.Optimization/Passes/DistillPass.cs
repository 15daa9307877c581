using System.Globalization;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Distillation;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Pruning;
using static Onnx.TensorProto.Types;
using static Serverless.Optimization.Graphs.Operators;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Makes a student of a text embedder: its first layers as they are, and behind them a linear head that learns the whole model's vectors.
/// </summary>
internal sealed class DistillPass(int layers, int steps) : IOptimizationPass
{
    public string Apply(ModelGraph model)
    {
        var lessons = model.Lessons ?? throw new ModelRefusedException("distill is trained on texts, and there are none");
        ConstantNodes.ToInitializers(model.Graph);
        var flow = new GraphFlow(model);
        var inputs = model.Graph.Node.Select(node => AttentionHeads.Before(node, flow)?.Input).OfType<string>().Distinct().ToList();
        var output = model.Graph.Output.FirstOrDefault(value =>
            (DataType)value.Type.TensorType.ElemType == DataType.Float && value.Type.TensorType.Shape?.Dim.Count == 3)?.Name;
        if (output is null || flow.MakerOf(output) is not { } maker || inputs.Count < 2)
        {
            throw new ModelRefusedException(
                $"distill keeps the first layers of an embedder with attentions as BERT's exports write them, and it has {inputs.Count} such layers");
        }

        if (layers >= inputs.Count)
            throw new ModelRefusedException($"it has {inputs.Count} layers, of which distill can keep 1 to {inputs.Count - 1}, not {layers}");
        // A layer's output is what the next one's attention reads.
        var student = inputs[layers];
        var pairs = VectorPairs.Of(model, lessons, student, output);
        if (pairs.Teacher[0].Length != pairs.Width)
            throw new ModelRefusedException($"its layers are {pairs.Width} wide and its output {pairs.Teacher[0].Length}: distill wants both alike");
        var training = new HeadTraining(pairs, steps);
        Attach(model, training.Run(), student, output, maker);
        model.Losses = training.Losses;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{layers} of {inputs.Count} layers and a head, {steps} steps on {lessons.Rows.Count} texts (SHA-256 {lessons.Hash}): "
            + $"loss held out {training.Losses[0].HeldOut:0.0000} before, {training.Best.HeldOut:0.0000} at step {training.Best.Step}");
    }

    // Whoever read the teacher's output reads the head's.
    private static void Attach(ModelGraph model, LinearHead head, string student, string output, NodeProto maker)
    {
        var (matrix, bias, product) = (model.NewName("distilled_head"), model.NewName("distilled_bias"), model.NewName(student + "/head"));
        model.Add(Tensors.Of(matrix, DataType.Float, head.Matrix, head.Width, head.Width));
        model.Add(Tensors.Of(bias, DataType.Float, head.Bias, head.Width));
        model.InsertBefore(maker, Node("MatMul", [student, matrix], product), Node("Add", [product, bias], output));
        maker.Output[maker.Output.IndexOf(output)] = model.NewName(output + "/teacher");
    }
}
