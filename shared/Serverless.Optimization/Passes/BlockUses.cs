using Onnx;
using Serverless.Optimization.Graphs;

namespace Serverless.Optimization.Passes;

/// <summary>The nodes that read a weight, all of which can read it in blocks.</summary>
/// <param name="Gathers">Look-ups of its rows.</param>
/// <param name="Products">Nodes that multiply by it.</param>
/// <param name="IsTurned">Whether its columns are the outputs; otherwise its rows are.</param>
internal sealed record BlockUses(IReadOnlyList<NodeProto> Gathers, IReadOnlyList<NodeProto> Products, bool IsTurned)
{
    /// <param name="tensor">The weight.</param>
    /// <param name="uses">Who reads what.</param>
    /// <param name="tableBlock">The block's size, of which the rows of a table must be multiples; null for no tables.</param>
    /// <returns>Null where one of them cannot, or rows and columns are both wanted as outputs.</returns>
    public static BlockUses? Find(TensorProto tensor, GraphUses uses, int? tableBlock)
    {
        var (gathers, byRow, byColumn) = (new List<NodeProto>(), new List<NodeProto>(), new List<NodeProto>());
        foreach (var use in uses.Of(tensor.Name))
        {
            if (IsLookUp(use) && tableBlock is { } block && tensor.Dims[1] % block == 0)
                gathers.Add(use.Node);
            else if (IsProduct(use))
                (use.Node.Number("transB", 0) != 0 ? byRow : byColumn).Add(use.Node);
            else if (TurnedProducts(use, uses) is { } products)
                byRow.AddRange(products);
            else
                return null;
        }

        var isTurned = byColumn.Count > 0;
        return isTurned && (gathers.Count > 0 || byRow.Count > 0)
            ? null
            : new BlockUses(gathers, isTurned ? byColumn : byRow, isTurned);
    }

    private static bool IsLookUp(WeightUse use) => use.Is("Gather", 0) && use.Node.Number("axis", 0) == 0;

    private static bool IsProduct(WeightUse use) =>
        use.Is("MatMul", 1)
        || (use.Is("Gemm", 1) && use.Node.Number("transA", 0) == 0 && use.Node.Single("alpha", 1) == 1 && use.Node.Single("beta", 1) == 1)
        || (use.Is("FusedMatMul", 1) && use.Node.Number("transA", 0) == 0 && use.Node.Single("alpha", 1) == 1
            && use.Node.Number("transBatchA", 0) == 0 && use.Node.Number("transBatchB", 0) == 0);

    // Transpose, and then nothing but products by it.
    private static List<NodeProto>? TurnedProducts(WeightUse use, GraphUses uses)
    {
        if (!use.Is("Transpose", 0) || (use.Node.Numbers("perm") is { } order && !order.SequenceEqual([1, 0])) || uses.IsUsedElsewhere(use.Node.Output[0]))
            return null;
        var readers = uses.Of(use.Node.Output[0]);
        return readers.All(reader => reader.Is("MatMul", 1)) ? [.. readers.Select(reader => reader.Node)] : null;
    }
}
