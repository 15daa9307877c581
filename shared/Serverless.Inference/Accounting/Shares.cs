namespace Serverless.Inference.Accounting;

/// <summary>Cuts a whole into parts that add up to it, to the last unit.</summary>
public ref struct Shares(long whole, Int128 weight)
{
    private Int128 _weight;
    private long _given;

    /// <summary>The next part, for <paramref name="part"/> of the weight. All parts together have the whole weight, which is above 0.</summary>
    public long Next(long part)
    {
        // What rounding kept from one part is in the next.
        _weight += part;
        var upTo = (long)(whole * _weight / weight);
        var share = upTo - _given;
        _given = upTo;
        return share;
    }
}
