using System.Globalization;
using System.Text;

namespace Serverless.EndToEnd.Tests.Jobs;

/// <summary>Inputs of batches.</summary>
internal static class Requests
{
    public const string Endpoint = $"/v2/models/{TestModels.Small}/infer";

    /// <summary>Requests to the small model, which doubles what it is given: the line's number and 1.</summary>
    public static byte[] ToSmall(int lines) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(Line)));

    public static string IdOf(int line) => string.Create(CultureInfo.InvariantCulture, $"line-{line}");

    private static string Line(int index) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"custom_id":"{{{IdOf(index)}}}","method":"POST","url":"{{{Endpoint}}}","body":{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[{{{index}}},1]}]}}""") + "\n";
}
