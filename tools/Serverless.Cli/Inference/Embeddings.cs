using System.Numerics.Tensors;
using System.Text.Json;

namespace Serverless.Cli.Inference;

/// <summary>Reads and compares embeddings.</summary>
internal static class Embeddings
{
    /// <summary>The vectors of an answer of <c>/v1/embeddings</c> with <c>encoding_format</c> float, in input order.</summary>
    public static float[][] Read(JsonElement answer) =>
    [
        .. answer.GetProperty("data").EnumerateArray()
            .OrderBy(item => item.GetProperty("index").GetInt32())
            .Select(item => item.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()).ToArray()),
    ];

    public static double Cosine(float[] a, float[] b) => TensorPrimitives.CosineSimilarity<float>(a, b);
}
