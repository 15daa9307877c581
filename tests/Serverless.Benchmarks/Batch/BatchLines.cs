using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Serverless.Benchmarks.Batch;

/// <summary>Inputs of batches, the same every time.</summary>
internal static class BatchLines
{
    /// <summary>Texts of 4 to 40 words from the vocabulary.</summary>
    public static string[] Texts(string vocabulary, int count)
    {
        var words = File.ReadLines(vocabulary).Where(word => word.Length > 2 && word.All(char.IsAsciiLetterLower)).ToArray();
        var random = new Random(50_000);
        return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', random.GetItems(words, random.Next(4, 41))))];
    }

    public static byte[] Embeddings(IEnumerable<string> texts, string model) => Join(texts.Select((text, index) => JsonSerializer.Serialize(
        new { custom_id = IdOf(index), method = "POST", url = "/v1/embeddings", body = new { model, input = text } })));

    /// <summary>Requests to the graph that counts up to <paramref name="count"/> before it answers.</summary>
    public static byte[] Counting(string model, int lines, int count) => Join(Enumerable.Range(0, lines).Select(index => string.Create(
        CultureInfo.InvariantCulture,
        $$$"""{"custom_id":"{{{IdOf(index)}}}","method":"POST","url":"/v2/models/{{{model}}}/infer","body":{"inputs":[{"name":"count","shape":[],"datatype":"INT64","data":[{{{count}}}]},{"name":"start","shape":[1],"datatype":"FP32","data":[{{{index}}}]}]}}""")));

    public static string IdOf(int index) => string.Create(CultureInfo.InvariantCulture, $"line-{index}");

    private static byte[] Join(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
}
