using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Serverless.BareServer;

/// <summary>
/// Kestrel, ONNX Runtime and nothing else: <c>PORT GRAPH VOCABULARY</c>. Every POST is answered with the vector of its <c>input</c>. The model
/// loads while the server starts; there is no routing, no logging, no configuration, no check of anything.
/// </summary>
internal static class BareProgram
{
    public static async Task RunAsync(IReadOnlyList<string> arguments, long main)
    {
        var model = Task.Run(() => BareModel.OpenAsync(arguments[1], arguments[2]));
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{arguments[0]}");
        await using var app = builder.Build();
        var host = TimeSpan.Zero;
        app.Run(async context => await AnswerAsync(context, await model, host));
        await app.StartAsync();
        host = Stopwatch.GetElapsedTime(main);
        await app.WaitForShutdownAsync();
    }

    private static async Task AnswerAsync(HttpContext context, BareModel model, TimeSpan host)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body);
        var vector = model.Embed(request.RootElement.GetProperty("input").GetString()!);
        context.Response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"host;dur={host.TotalMilliseconds:0.###}, session;dur={model.SessionTime.TotalMilliseconds:0.###}");
        using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartArray("embedding");
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
