using System.Globalization;
using System.Text;

namespace Serverless.ContainerHost.Telemetry;

/// <summary>Measures as Prometheus text, with names as on every other <c>/metrics</c> here: nothing is appended. Labels are our own words: none needs escaping.</summary>
internal static class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IEnumerable<Measure> measures)
    {
        var text = new StringBuilder();
        foreach (var measure in measures)
        {
            var name = measure.Name.Replace('.', '_');
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {measure.Description}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {(measure.IsCounter ? "counter" : "gauge")}\n");
            foreach (var value in measure.Read())
            {
                var labels = string.Join(',', value.Tags.ToArray().Select(tag => $"{tag.Key}=\"{tag.Value}\""));
                text.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value.Value}\n");
            }
        }

        return text.ToString();
    }
}
