namespace Serverless.Benchmarks.Serving.Lines;

/// <summary>Processor time per request beside an echo of bodies of the same sizes.</summary>
internal static class EchoComparison
{
    private const int Connections = 32;
    private const int Count = 150_000;
    private const int Rounds = 5;

    public static async Task<IReadOnlyList<Figure>> RunAsync(
        ServingBench bench, string metric, ServingModel model, string file, CancellationToken cancellationToken)
    {
        await AnswerCheck.RunAsync(bench, model, file, cancellationToken);
        var worker = await bench.Servers.WorkerAsync(cancellationToken);
        var echo = await bench.Servers.EchoAsync(cancellationToken);
        var first = await bench.LoadAsync(worker, file, Connections, Count, cancellationToken);
        var echoed = bench.File(metric, () => RequestFiles.Read(file).Select(request => Requests.ToEcho(request, first.AnswerBytes)));
        var pairs = await Pairs.RunAsync(
            Rounds,
            () => bench.LoadAsync(worker, file, Connections, Count, cancellationToken),
            () => bench.LoadAsync(echo, echoed, Connections, Count, cancellationToken));
        return [pairs.Ratio(metric, model.Name, load => load.ProcessorMicroseconds)];
    }
}
