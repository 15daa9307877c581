using Microsoft.ML.OnnxRuntime;

namespace Serverless.Benchmarks.Serving.Baselines;

/// <summary>One batch's inputs as ONNX Runtime's own values, made before the clock starts.</summary>
internal sealed class RowBatchInputs : IDisposable
{
    private readonly List<string> _names = [];
    private readonly List<OrtValue> _values = [];

    /// <summary>Rows one below the other; shorter ones are padded with zeros, which is what MiniLM's mask calls absent.</summary>
    public RowBatchInputs(IReadOnlyList<Row> rows)
    {
        Rows = rows.Count;
        foreach (var first in rows[0].Inputs)
        {
            var tensors = rows.Select(row => row.Inputs.First(input => input.Name == first.Name)).ToList();
            _names.Add(first.Name);
            _values.Add(first.Longs is null
                ? Stack(tensors.Select(tensor => (tensor.Floats!, tensor.Shape)).ToList())
                : Stack(tensors.Select(tensor => (tensor.Longs!, tensor.Shape)).ToList()));
        }
    }

    public int Rows { get; }

    public void Run(InferenceSession session, RunOptions options)
    {
        using var outputs = RunToEnd(session, options);
    }

    public IDisposableReadOnlyCollection<OrtValue> RunToEnd(InferenceSession session, RunOptions options) =>
        session.Run(options, _names, _values, session.OutputNames);

    public void Dispose()
    {
        foreach (var value in _values)
            value.Dispose();
    }

    private static OrtValue Stack<T>(List<(T[] Data, long[] Shape)> rows)
        where T : unmanaged
    {
        var width = rows.Max(row => row.Data.Length);
        var all = new T[rows.Count * width];
        for (var row = 0; row < rows.Count; row++)
            rows[row].Data.CopyTo(all, row * width);
        // Only the last dimension of a row may differ: that of a sequence.
        long[] shape = [rows.Count, .. rows.MaxBy(row => row.Data.Length).Shape.Skip(1)];
        return OrtValue.CreateTensorValueFromMemory(all, shape);
    }
}
