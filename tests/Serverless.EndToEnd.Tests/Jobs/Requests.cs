using System.Globalization;
using System.Text;

namespace Serverless.EndToEnd.Tests.Jobs;

/// <summary>Inputs of batches.</summary>
internal static class Requests
{
    public const string Endpoint = $"/v2/models/{TestModels.Small}/infer";

    /// <summary>What a slow request counts unless told otherwise.</summary>
    public const int SlowCount = 4_000;

    /// <summary>Requests to the small model, which doubles what it is given: the line's number and 1.</summary>
    public static byte[] ToSmall(int lines) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(Line)));

    /// <summary>Requests to a model of <c>OnnxGraphs.Slow</c>, which counts on from the line's number: about 20 ms each on one core.</summary>
    public static byte[] ToSlow(string model, int lines, int count = SlowCount) =>
        Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, lines).Select(index => SlowLine(model, index, count))));

    public static string IdOf(int line) => string.Create(CultureInfo.InvariantCulture, $"line-{line}");

    /// <summary>The number of the line that <paramref name="id"/> belongs to.</summary>
    public static int LineOf(string id) => int.Parse(id.AsSpan("line-".Length), CultureInfo.InvariantCulture);

    private static string SlowLine(string model, int index, int count) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"custom_id":"{{{IdOf(index)}}}","method":"POST","url":"/v2/models/{{{model}}}/infer","body":{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[{{{count}}}]},{"name":"start","shape":[1],"datatype":"FP32","data":[{{{index}}}]}]}}""") + "\n";

    private static string Line(int index) => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"custom_id":"{{{IdOf(index)}}}","method":"POST","url":"{{{Endpoint}}}","body":{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[{{{index}}},1]}]}}""") + "\n";
}
