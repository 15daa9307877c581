using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>
/// The server that most people write: a minimal API, records bound from JSON, one session that every request runs. Same bodies and same
/// answers as the worker.
/// </summary>
internal static class NaiveServer
{
    public static async Task RunAsync(string url, int intraOpThreads, string folder, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        await using var app = builder.Build();
        var sessions = new ConcurrentDictionary<string, Lazy<InferenceSession>>();
        app.MapPost("/v2/models/minilm/infer", (NaiveRequest<long> request) => Infer(Session("minilm"), request));
        app.MapPost("/v2/models/{model}/infer", (string model, NaiveRequest<float> request) => Infer(Session(model), request));
        app.MapGet("/", () => "ready");
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);

        InferenceSession Session(string model) => sessions.GetOrAdd(
            model, name => new Lazy<InferenceSession>(() => Open(Path.Combine(folder, name + ".onnx"), intraOpThreads))).Value;
    }

    private static InferenceSession Open(string path, int intraOpThreads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = intraOpThreads };
        return new InferenceSession(path, options);
    }

    private static IResult Infer<T>(InferenceSession session, NaiveRequest<T> request)
    {
        var inputs = request.Inputs.Select(
            input => NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<T>(input.Data, input.Shape))).ToList();
        using var results = session.Run(inputs);
        var outputs = results.Select(result =>
        {
            var tensor = result.AsTensor<float>();
            return new NaiveTensor<float>(result.Name, tensor.Dimensions.ToArray(), "FP32", tensor.ToArray());
        });
        return Results.Json(new NaiveAnswer("model", outputs.ToList()));
    }
}
