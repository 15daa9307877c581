namespace Serverless.Optimization.Calibration;

/// <summary>The numbers that a value is rounded to as uint8: zero is always one of them.</summary>
internal readonly record struct ValueRange(float Low, float High)
{
    public ValueRange Including(float number) => new(MathF.Min(Low, number), MathF.Max(High, number));

    /// <summary>Cut off at <paramref name="limit"/> on either side.</summary>
    public ValueRange Within(float limit) => new(MathF.Max(Low, -limit), MathF.Min(High, limit));

    public (float Scale, byte Zero) Fit()
    {
        var scale = High > Low ? (High - Low) / byte.MaxValue : 1;
        return (scale, (byte)Math.Clamp(MathF.Round(-Low / scale), 0, byte.MaxValue));
    }
}
