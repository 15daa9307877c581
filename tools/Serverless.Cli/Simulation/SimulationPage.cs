using System.Net;
using System.Text;
using Serverless.Scaling;
using Serverless.Simulation;

namespace Serverless.Cli.Simulation;

/// <summary>The report of a simulation: one HTML page that holds its pictures and asks no other host for anything.</summary>
internal static class SimulationPage
{
    private const string Style =
        "body{font:15px/1.5 sans-serif;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#222}" +
        "table{border-collapse:collapse}td{padding:.2rem 1rem .2rem 0;border-bottom:1px solid #ddd}td+td{text-align:right}" +
        "img{max-width:100%;display:block;margin:1rem 0}";

    public static string Of(string arrivals, IReadOnlyList<(string Name, string Value)> figures, SimulationResult result, WorkerScale rules)
    {
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">")
            .Append($"<title>Scale simulation: {Escaped(arrivals)}</title><style>{Style}</style></head><body>\n")
            .Append($"<h1>Scale simulation</h1>\n<p>{Escaped(arrivals)}; {rules.MinReplicas} to {rules.MaxReplicas} replicas, ")
            .Append($"{rules.HttpConcurrency} HTTP requests a replica, cool-down {rules.Cooldown.TotalSeconds:0} s.</p>\n<table>\n");
        foreach (var (name, value) in figures)
            page.Append($"<tr><td>{Escaped(name)}</td><td>{Escaped(value)}</td></tr>\n");

        page.Append("</table>\n");
        Picture(page, "Arrivals over time", SimulationPlots.Arrivals(result.Timeline));
        Picture(page, "Replicas over time", SimulationPlots.Replicas(result.Timeline));
        if (result.Waits.Count > 0)
            Picture(page, "Share of the requests by their wait", SimulationPlots.Waits(result.Waits, "requests"));
        if (result.MessageWaits.Count > 0)
            Picture(page, "Share of the messages by their wait", SimulationPlots.Waits(result.MessageWaits, "messages"));
        return page.Append("</body></html>\n").ToString();
    }

    private static void Picture(StringBuilder page, string title, byte[] png) =>
        page.Append($"<img alt=\"{Escaped(title)}\" src=\"data:image/png;base64,{Convert.ToBase64String(png)}\">\n");

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);
}
