using Serverless.Inference.Tensors;

namespace Serverless.Inference.Embeddings;

/// <summary>Rows of tokens that run together, padded to the longest.</summary>
internal sealed class TokenRows(IReadOnlyList<long[]> rows)
{
    private readonly int _width = rows.Max(row => row.Length);

    public int Count => rows.Count;

    public int Width => _width;

    public ReadOnlySpan<long> Row(int index) => rows[index];

    public BufferTensor Ids(string name) => Fill(name, static (row, target) => row.CopyTo(target));

    public BufferTensor Mask(string name) => Fill(name, static (row, target) => target[..row.Length].Fill(1));

    public BufferTensor Zeros(string name) => Fill(name, static (_, _) => { });

    private BufferTensor Fill(string name, RowFiller fill)
    {
        var buffer = TensorBuffer.Rent(rows.Count * _width * sizeof(long));
        var all = buffer.As<long>();
        all.Clear();
        for (var i = 0; i < rows.Count; i++)
            fill(rows[i], all.Slice(i * _width, _width));
        return new BufferTensor(name, TensorDatatype.Int64, [rows.Count, _width], buffer);
    }

    private delegate void RowFiller(ReadOnlySpan<long> row, Span<long> target);
}
