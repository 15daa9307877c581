namespace Serverless.Optimization.Quantization;

/// <summary>How weights lie in blocks.</summary>
/// <param name="Bits">4 or 8.</param>
/// <param name="Size">Weights of a block: 16, 32, 64, 128 or 256.</param>
/// <param name="Symmetric">Whether the middle stands for zero everywhere; otherwise each block says what does.</param>
internal sealed record BlockFormat(int Bits, int Size, bool Symmetric)
{
    public static IReadOnlyList<int> Sizes { get; } = [16, 32, 64, 128, 256];

    /// <summary>The whole number that stands for zero in a symmetric block.</summary>
    public byte Middle => (byte)(1 << (Bits - 1));

    public int BytesOfBlock => BytesOf(Size);

    private int Most => (1 << Bits) - 1;

    public int BytesOf(int numbers) => ((numbers * Bits) + 7) / 8;

    /// <summary>Scale and zero point for the weights of a block.</summary>
    public (float Scale, byte Zero) Fit(ReadOnlySpan<float> weights)
    {
        if (Symmetric)
        {
            // The largest magnitude becomes the one end of the range that is a step wider.
            var largest = 0f;
            foreach (var weight in weights)
                largest = MathF.Abs(weight) > MathF.Abs(largest) ? weight : largest;
            return (largest == 0 ? 1 : largest / -Middle, Middle);
        }

        var (low, high) = (0f, 0f);
        foreach (var weight in weights)
            (low, high) = (MathF.Min(low, weight), MathF.Max(high, weight));
        var scale = high > low ? (high - low) / Most : 1;
        return (scale, (byte)Math.Clamp(MathF.Round(-low / scale), 0, Most));
    }

    public void Round(ReadOnlySpan<float> weights, float scale, byte zero, Span<byte> numbers)
    {
        for (var i = 0; i < weights.Length; i++)
            numbers[i] = (byte)Math.Clamp(MathF.Round(weights[i] / scale) + zero, 0, Most);
    }

    public void Pack(ReadOnlySpan<byte> numbers, Span<byte> target)
    {
        for (var i = 0; i < numbers.Length; i++)
            Put(target, i, numbers[i]);
    }

    public void Put(Span<byte> target, int index, byte number)
    {
        if (target.IsEmpty)
            return;
        if (Bits == 8)
            target[index] = number;
        else
            target[index / 2] |= (byte)(number << (index % 2 * 4));
    }

    public byte At(ReadOnlySpan<byte> source, int index) =>
        Bits == 8 ? source[index] : (byte)((source[index / 2] >> (index % 2 * 4)) & 0xf);
}
