using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Serverless.Benchmarks.Serving.Baselines;

namespace Serverless.Benchmarks.Serving;

/// <summary>A server that is fast and wrong is no figure: its answer to the first request is held against ONNX Runtime in process.</summary>
internal static class AnswerCheck
{
    // The worker's graph was optimised apart from this one: sums may be taken in another order.
    private const float Tolerance = 2e-3f;

    /// <exception cref="InvalidRunException">The worker refuses the request or answers something else.</exception>
    public static async Task RunAsync(ServingBench bench, ServingModel model, string file, CancellationToken cancellationToken)
    {
        var worker = await bench.Servers.WorkerAsync(cancellationToken);
        var (head, body) = await AskAsync(worker.Port, RequestFiles.Read(file).First(), cancellationToken);
        if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal))
        {
            var start = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(300, body.Length)));
            throw new InvalidRunException($"the worker answered {head[9..12]}: {start}");
        }

        using var raw = new RawModel(model.Graph);
        using var inputs = new RowBatchInputs([model.Rows[0]]);
        var wanted = raw.Answer(inputs);
        foreach (var (name, data) in Outputs(head, body))
            Compare(name, data, wanted[name]);
    }

    private static async Task<(string Head, byte[] Body)> AskAsync(int port, byte[] request, CancellationToken cancellationToken)
    {
        using var client = new HttpClient();
        var end = request.AsSpan().IndexOf("\r\n\r\n"u8);
        var lines = Encoding.ASCII.GetString(request, 0, end).Split("\r\n");
        using var message = new HttpRequestMessage(HttpMethod.Post, $"http://127.0.0.1:{port}{lines[0].Split(' ')[1]}");
        message.Content = new ByteArrayContent(request[(end + 4)..]);
        foreach (var header in lines.Skip(1).Select(line => line.Split(": ", 2)))
        {
            if (header[0] is "Host" or "Content-Length")
                continue;
            if (!message.Content.Headers.TryAddWithoutValidation(header[0], header[1]))
                message.Headers.TryAddWithoutValidation(header[0], header[1]);
        }

        using var answer = await client.SendAsync(message, cancellationToken);
        var json = answer.Headers.TryGetValues("Inference-Header-Content-Length", out var values) ? values.First() : "";
        return ($"HTTP/1.1 {(int)answer.StatusCode} {json}", await answer.Content.ReadAsByteArrayAsync(cancellationToken));
    }

    private static IEnumerable<(string Name, float[] Data)> Outputs(string head, byte[] body)
    {
        var at = int.TryParse(head.AsSpan(13), CultureInfo.InvariantCulture, out var header) ? header : body.Length;
        using var document = JsonDocument.Parse(body.AsMemory(0, at));
        foreach (var output in document.RootElement.GetProperty("outputs").EnumerateArray())
        {
            var name = output.GetProperty("name").GetString()!;
            if (output.TryGetProperty("data", out var data))
            {
                yield return (name, [.. data.EnumerateArray().Select(value => value.GetSingle())]);
                continue;
            }

            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            yield return (name, MemoryMarshal.Cast<byte, float>(body.AsSpan(at, size)).ToArray());
            at += size;
        }
    }

    private static void Compare(string name, float[] found, float[] wanted)
    {
        if (found.Length != wanted.Length)
            throw new InvalidRunException($"output {name} has {found.Length} elements instead of {wanted.Length}.");
        var scale = wanted.Max(Math.Abs);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (!(Math.Abs(found[i] - wanted[i]) <= Tolerance * scale))
                throw new InvalidRunException($"output {name}[{i}] is {found[i]} instead of {wanted[i]}.");
        }
    }
}
