using TinyLm.Numerics;

namespace TinyLm.Network;

/// <summary>
/// All parameters of a decoder in one array, so that an optimiser, a sum of gradients and a checkpoint are one loop each. Gradients have
/// the same form. Matrices are [in, out], as ONNX multiplies them.
/// </summary>
internal sealed class DecoderWeights
{
    private readonly int _layerSize;

    public DecoderWeights(DecoderShape shape)
    {
        Shape = shape;
        _layerSize = Sizes(shape).Sum();
        Values = new float[(shape.Vocabulary * shape.Width) + (shape.Layers * _layerSize) + shape.Width];
    }

    public DecoderShape Shape { get; }

    public float[] Values { get; }

    /// <summary>[vocabulary, width]; also the head's.</summary>
    public Matrix Embedding => new(Values, Shape.Vocabulary, Shape.Width);

    public Span<float> FinalNorm => Values.AsSpan(Values.Length - Shape.Width);

    public Span<float> AttentionNorm(int layer) => Part(layer, 0);

    /// <summary>[width, queries then keys then values].</summary>
    public Matrix Attention(int layer) => new(Part(layer, 1), Shape.Width, Shape.AttentionWidth);

    /// <summary>[queries, width].</summary>
    public Matrix Output(int layer) => new(Part(layer, 2), Shape.QueryWidth, Shape.Width);

    public Span<float> FeedForwardNorm(int layer) => Part(layer, 3);

    /// <summary>[width, gate then up].</summary>
    public Matrix GateUp(int layer) => new(Part(layer, 4), Shape.Width, 2 * Shape.Hidden);

    /// <summary>[hidden, width].</summary>
    public Matrix Down(int layer) => new(Part(layer, 5), Shape.Hidden, Shape.Width);

    /// <summary>Normal numbers as wide as keeps each layer's output near one; norms are one.</summary>
    public void Initialize(int seed)
    {
        var noise = new Noise(seed);
        var residual = 1 / MathF.Sqrt(2 * Shape.Layers);
        noise.Fill(Values.AsSpan(0, Shape.Vocabulary * Shape.Width), 0.05f);
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            AttentionNorm(layer).Fill(1);
            FeedForwardNorm(layer).Fill(1);
            noise.Fill(Part(layer, 1), 1 / MathF.Sqrt(Shape.Width));
            noise.Fill(Part(layer, 2), residual / MathF.Sqrt(Shape.QueryWidth));
            noise.Fill(Part(layer, 4), 1 / MathF.Sqrt(Shape.Width));
            noise.Fill(Part(layer, 5), residual / MathF.Sqrt(Shape.Hidden));
        }

        FinalNorm.Fill(1);
    }

    /// <summary>Which parameters weight decay is for: matrices, not norms.</summary>
    public IEnumerable<Range> Decaying()
    {
        yield return ..(Shape.Vocabulary * Shape.Width);
        for (var layer = 0; layer < Shape.Layers; layer++)
        {
            foreach (var index in new[] { 1, 2, 4, 5 })
                yield return Place(layer, index);
        }
    }

    private Span<float> Part(int layer, int index) => Values.AsSpan(Place(layer, index));

    private Range Place(int layer, int index)
    {
        var sizes = Sizes(Shape);
        var start = (Shape.Vocabulary * Shape.Width) + (layer * _layerSize) + sizes[..index].Sum();
        return start..(start + sizes[index]);
    }

    private static int[] Sizes(DecoderShape shape) =>
    [
        shape.Width,
        shape.Width * shape.AttentionWidth,
        shape.QueryWidth * shape.Width,
        shape.Width,
        shape.Width * 2 * shape.Hidden,
        shape.Hidden * shape.Width,
    ];
}
