namespace Serverless.SampleModels.Decoders;

/// <summary>Cosines and sines of every position, <c>[context, head size / 2]</c>.</summary>
internal sealed record RotaryTable(float[] Cosines, float[] Sines)
{
    public static RotaryTable Of(DecoderShape shape)
    {
        var half = shape.HeadSize / 2;
        var table = new RotaryTable(new float[shape.Context * half], new float[shape.Context * half]);
        for (var i = 0; i < table.Cosines.Length; i++)
        {
            var angle = i / half * Math.Pow(shape.RotaryBase, -2.0 * (i % half) / shape.HeadSize);
            table.Cosines[i] = (float)Math.Cos(angle);
            table.Sines[i] = (float)Math.Sin(angle);
        }

        return table;
    }
}
