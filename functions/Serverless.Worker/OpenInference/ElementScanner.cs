namespace Serverless.Worker.OpenInference;

/// <summary>
/// Fills a tensor from data that is what it should be, in one pass over the bytes. It judges nothing: at the first byte that it does not
/// expect it gives up, and <see cref="TensorDataReader"/> finds out what is wrong, if anything is.
/// </summary>
internal static class ElementScanner
{
    /// <summary>
    /// Reads the data whose first bracket is at <paramref name="position"/> into <paramref name="elements"/>, of which there are as many as
    /// <paramref name="shape"/> has.
    /// </summary>
    public static bool TryRead<T, TElement>(ReadOnlySpan<byte> text, ref int position, ReadOnlySpan<long> shape, Span<T> elements)
        where T : unmanaged
        where TElement : IJsonElement<T>
    {
        var at = position;
        if (!TryTake(text, ref at, '['))
            return false;
        SkipSpace(text, ref at);
        var nested = at < text.Length && text[at] == '[';
        if (nested)
            at = position;
        if (!(nested ? TryLevel<T, TElement>(text, ref at, shape, elements) : TryRow<T, TElement>(text, ref at, elements)))
            return false;
        position = at;
        return true;
    }

    private static bool TryLevel<T, TElement>(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<long> shape, Span<T> elements)
        where T : unmanaged
        where TElement : IJsonElement<T>
    {
        // Deeper than the shape, or so many empty arrays that counting them is not worth it.
        if (shape.IsEmpty || elements.IsEmpty || !TryTake(text, ref at, '['))
            return false;
        if (shape.Length == 1)
            return TryRow<T, TElement>(text, ref at, elements);
        var length = elements.Length / (int)shape[0];
        for (var start = 0; start < elements.Length; start += length)
        {
            if (start > 0 && !TryTake(text, ref at, ','))
                return false;
            if (!TryLevel<T, TElement>(text, ref at, shape[1..], elements.Slice(start, length)))
                return false;
        }

        return TryTake(text, ref at, ']');
    }

    // After the opening bracket, up to and with the closing one.
    private static bool TryRow<T, TElement>(ReadOnlySpan<byte> text, ref int at, Span<T> elements)
        where T : unmanaged
        where TElement : IJsonElement<T>
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (i > 0 && !TryTake(text, ref at, ','))
                return false;
            SkipSpace(text, ref at);
            if (!TElement.TryScan(text, ref at, out elements[i]))
                return false;
        }

        return TryTake(text, ref at, ']');
    }

    private static bool TryTake(ReadOnlySpan<byte> text, ref int at, char wanted)
    {
        SkipSpace(text, ref at);
        if (at >= text.Length || text[at] != wanted)
            return false;
        at++;
        return true;
    }

    private static void SkipSpace(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            at++;
    }
}
