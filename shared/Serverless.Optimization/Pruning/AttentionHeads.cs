using Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Pruning;

/// <summary>
/// An attention as BERT's exports write it: three products, cut into heads and turned; scores, Softmax and what they weigh; turned back,
/// joined and multiplied once more.
/// </summary>
/// <param name="Parts">Of queries, keys and values.</param>
/// <param name="Join">The Reshape that puts the heads beside each other again.</param>
/// <param name="Output">The last product's matrix.</param>
internal sealed record AttentionHeads(IReadOnlyList<AttentionPart> Parts, ShapeEnd Join, UnitWeights Output)
{
    private static readonly long[] HeadsFirst = [0, 2, 1, 3];
    private static readonly long[] KeysTurned = [0, 2, 3, 1];
    private static readonly long[] LastTurned = [0, 1, 3, 2];

    /// <summary>How many heads there are; null where the graph's shapes do not say so, or say otherwise in another place.</summary>
    public int? Count => Parts[0].Heads is { } heads && Parts.All(part => part.Heads == heads) && Width % heads == 0
        && (Join.Size(0) == -1 || Join.Size(0) == Width) ? heads : null;

    /// <summary>The value that is made into queries, keys and values.</summary>
    public string Input => Parts[0].Input;

    private int Width => (int)Output.Tensor.Dims[Output.Axis];

    /// <returns>Null where the product is not the last one of an attention.</returns>
    public static AttentionHeads? Before(NodeProto product, GraphFlow flow)
    {
        if (flow.MatrixOf(product) is not { } matrix || Before(product, 0, "Reshape", flow) is not { } join
            || Turned(join, 0, HeadsFirst, flow) is not { } joined || Before(joined, 0, "MatMul", flow) is not { } weighed
            || Turned(weighed, 1, HeadsFirst, flow) is not { } turned || PartOf(turned, flow) is not { } value
            || Scores(weighed, 0, flow, underSoftmax: false) is not var (query, key))
        {
            return null;
        }

        return new AttentionHeads([query, key, value], new ShapeEnd(flow, join), UnitWeights.Of(product, matrix, outputs: false));
    }

    /// <summary>As units of <see cref="Count"/>.</summary>
    public UnitGroup ToUnits(int heads) => new(heads, Width / heads, [.. Parts.SelectMany(part => part.Weights), Output]);

    /// <summary>Writes into the graph how many heads there are.</summary>
    public void SetCount(ModelGraph model, int heads, int size)
    {
        foreach (var part in Parts.Where(part => part.Shape.Size(1) > 0))
            part.Shape.Set(model, 1, heads);
        if (Join.Size(0) > 0)
            Join.Set(model, 0, (long)heads * size);
    }

    // From what is weighed back to the product of queries and keys, past Softmax, the mask and the scale.
    private static (AttentionPart Query, AttentionPart Key)? Scores(NodeProto reader, int input, GraphFlow flow, bool underSoftmax)
    {
        if (Before(reader, input, null, flow) is not { } maker)
            return null;
        if (maker.OpType == "MatMul")
            return underSoftmax ? QueryAndKey(maker, flow) : null;
        if (maker.OpType is not ("Softmax" or "Add" or "Div" or "Mul" or "Where" or "Identity"))
            return null;
        return Enumerable.Range(0, maker.Input.Count)
            .Select(next => Scores(maker, next, flow, underSoftmax || maker.OpType == "Softmax")).FirstOrDefault(found => found is not null);
    }

    private static (AttentionPart Query, AttentionPart Key)? QueryAndKey(NodeProto scores, GraphFlow flow)
    {
        var keys = Turned(scores, 1, KeysTurned, flow)
            ?? (Turned(scores, 1, LastTurned, flow) is { } last ? Turned(last, 0, HeadsFirst, flow) : null);
        return Turned(scores, 0, HeadsFirst, flow) is { } queries && PartOf(queries, flow) is { } query && keys is not null && PartOf(keys, flow) is { } key
            ? (query, key)
            : null;
    }

    private static AttentionPart? PartOf(NodeProto turn, GraphFlow flow) =>
        Before(turn, 0, "Reshape", flow) is { } reshape ? AttentionPart.Before(reshape, flow) : null;

    // The Transpose that makes an input, past a scale.
    private static NodeProto? Turned(NodeProto reader, int input, long[] order, GraphFlow flow) => Before(reader, input, null, flow) switch
    {
        { OpType: "Transpose" } turn when turn.Numbers("perm") is { } found && found.SequenceEqual(order) => turn,
        { OpType: "Mul" or "Div" } scale => Turned(scale, 0, order, flow),
        _ => null,
    };

    // What makes an input, if nothing else reads it.
    private static NodeProto? Before(NodeProto reader, int input, string? operatorType, GraphFlow flow) =>
        AttentionPart.IsReadOnlyBy(reader, reader.Input[input], flow) && flow.MakerOf(reader.Input[input]) is { } maker
        && (operatorType is null || maker.OpType == operatorType) ? maker : null;
}
