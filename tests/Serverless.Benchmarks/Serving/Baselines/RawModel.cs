using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;

namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>Nothing but <c>InferenceSession.Run</c> over prebuilt values: what a model gives on this machine without a server.</summary>
internal sealed class RawModel(string graph) : IDisposable
{
    private readonly Dictionary<(int Threads, int Loop), InferenceSession> _sessions = [];

    /// <summary>Runs every batch once, spread over the loops.</summary>
    /// <returns>Seconds.</returns>
    public double Run(IReadOnlyList<RowBatchInputs> batches, int intraOpThreads, int loops)
    {
        var next = -1;
        var sessions = Enumerable.Range(0, loops).Select(loop => Session(intraOpThreads, loop)).ToList();
        var start = Stopwatch.GetTimestamp();
        var threads = sessions.Select(session => new Thread(() =>
        {
            using var options = new RunOptions();
            while (Interlocked.Increment(ref next) is var index && index < batches.Count)
                batches[index].Run(session, options);
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>The answer to one batch: every output's floats.</summary>
    public IReadOnlyDictionary<string, float[]> Answer(RowBatchInputs batch)
    {
        using var options = new RunOptions();
        using var outputs = batch.RunToEnd(Session(1, 0), options);
        return Session(1, 0).OutputNames.Zip(outputs, (name, value) => (name, value.GetTensorDataAsSpan<float>().ToArray()))
            .ToDictionary(pair => pair.name, pair => pair.Item2);
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values)
            session.Dispose();
    }

    private InferenceSession Session(int intraOpThreads, int loop)
    {
        if (_sessions.TryGetValue((intraOpThreads, loop), out var found))
            return found;
        using var options = new SessionOptions { IntraOpNumThreads = intraOpThreads };
        return _sessions[(intraOpThreads, loop)] = new InferenceSession(graph, options);
    }
}
