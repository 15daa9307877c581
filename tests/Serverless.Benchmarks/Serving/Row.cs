namespace Serverless.Benchmarks.Serving;

/// <summary>The inputs of one request: one row, batch dimension included.</summary>
internal sealed record Row(IReadOnlyList<RowInput> Inputs)
{
    /// <summary>The length of a sequence of tokens; the number of elements of anything else.</summary>
    public int Length => Inputs[0].Longs?.Length ?? Inputs[0].Floats!.Length;

    public static Row Of(string name, float[] data, params long[] shape) => new([new RowInput(name, shape, data, null)]);

    /// <summary>A sentence as BERT-like models take it.</summary>
    public static Row OfTokens(long[] ids)
    {
        long[] shape = [1, ids.Length];
        var ones = new long[ids.Length];
        Array.Fill(ones, 1);
        return new Row([
            new RowInput("input_ids", shape, null, ids),
            new RowInput("attention_mask", shape, null, ones),
            new RowInput("token_type_ids", shape, null, new long[ids.Length])]);
    }
}
