using System.Globalization;
using Serverless.Inference.Onnx;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Pruning;

namespace Serverless.Optimization.Passes;

/// <summary>
/// Takes whole neurons out of layers and whole heads out of attentions, those whose weights are smallest: matrices become smaller, and
/// every kernel gains. Each layer loses the same share.
/// </summary>
internal sealed class StructuredPrunePass(double neurons, double heads, long min) : IOptimizationPass
{
    public string Apply(ModelGraph model)
    {
        ConstantNodes.ToInitializers(model.Graph);
        List<string> reports = [.. neurons > 0 ? [CutNeurons(model)] : Array.Empty<string>(), .. heads > 0 ? [CutHeads(model)] : Array.Empty<string>()];
        return reports.Count > 0
            ? string.Join(", ", reports)
            : throw new ModelRefusedException("prune-structured is to take out no neurons and no heads: say how many with neurons= or heads=");
    }

    private string CutNeurons(ModelGraph model)
    {
        var flow = new GraphFlow(model);
        var (layers, before, after) = (0, 0, 0);
        var done = new HashSet<string>(StringComparer.Ordinal);
        foreach (var product in model.Graph.Node.ToList())
        {
            // Two products may read the same neurons.
            if (NeuronSearch.Before(product, flow) is not { } group || !IsLarge(group) || !done.Add(product.Input[0]))
                continue;
            var left = group.Left(neurons);
            group.Cut(model, group.Best(left));
            flow = new GraphFlow(model);
            (layers, before, after) = (layers + 1, before + group.Units, after + left);
        }

        return layers > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{after} of {before} neurons in {layers} layers are left")
            : throw new ModelRefusedException(
                $"prune-structured takes neurons between two MatMul or Gemm by float weights of at least {min} numbers, with nothing but "
                + "activations between them, and it has none");
    }

    private string CutHeads(ModelGraph model)
    {
        var flow = new GraphFlow(model);
        var found = model.Graph.Node.Select(node => AttentionHeads.Before(node, flow)).OfType<AttentionHeads>().ToList();
        if (found.Count == 0)
        {
            throw new ModelRefusedException(
                "prune-structured takes heads of attentions written as MatMul, Reshape, Transpose and Softmax, as BERT's exports have them, and it has none");
        }

        var (before, after) = (0, 0);
        foreach (var attention in found)
        {
            var group = attention.ToUnits(attention.Count ?? throw new ModelRefusedException(
                $"the shapes of its attention behind '{attention.Input}' do not say how many heads there are, or work it out, so that none can be taken out"));
            var left = group.Left(heads);
            group.Cut(model, group.Best(left));
            attention.SetCount(model, left, group.Size);
            (before, after) = (before + group.Units, after + left);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{after} of {before} heads in {found.Count} attentions are left");
    }

    private bool IsLarge(UnitGroup group) => group.Weights.Where(weights => weights.IsMatrix).All(weights => Tensors.Count(weights.Tensor) >= min);
}
