using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Benchmarks;

/// <summary>Figures go to standard output, one JSON object per line; what a person watches goes to standard error.</summary>
internal sealed class FigureWriter(TextWriter figures, TextWriter progress)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public void Write(Figure figure)
    {
        figures.WriteLine(JsonSerializer.Serialize(figure, Json));
        figures.Flush();
    }

    public void Say(string what) => progress.WriteLine(what);
}
