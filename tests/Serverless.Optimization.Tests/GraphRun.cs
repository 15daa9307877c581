using System.Runtime.InteropServices;
using Onnx;
using Serverless.Inference.Onnx;
using Serverless.Inference.Onnx.Preparation;
using Serverless.Inference.Tensors;
using Serverless.Optimization.Graphs;
using Serverless.Optimization.Passes;
using Serverless.TestKit;
using Serverless.TestKit.Onnx;

namespace Serverless.Optimization.Tests;

/// <summary>Runs graphs in ONNX Runtime.</summary>
internal static class GraphRun
{
    /// <summary>The graph after passes.</summary>
    public static ModelGraph After(OnnxGraph graph, params string[] passes)
    {
        var model = ModelGraph.Of(ModelProto.Parser.ParseFrom(graph.ToBytes()));
        foreach (var pass in passes)
            PassStep.Parse(pass).Apply(model);
        return model;
    }

    /// <summary>Every output, widened to doubles, of one run.</summary>
    public static IReadOnlyList<double[]> Of(ModelGraph model, params SampleInput[] inputs)
    {
        using var folder = new TemporaryFolder();
        using var session = OnnxSession.Open(model.Write(folder.Path), ExecutionProvider.Cpu, WeightOnlyQuantization.Is(model.Model));
        var outputs = RowBatch.TryRun(session, [new SampleRow(inputs)]) ?? throw new InvalidOperationException("It does not take these inputs.");
        try
        {
            return [.. outputs.Select(output =>
                Enumerable.Range(0, (int)output.Count).Select(i => TensorElements.At(output.Datatype, output.Data, i)).ToArray())];
        }
        finally
        {
            foreach (var output in outputs)
                output.Dispose();
        }
    }

    public static SampleInput Floats(string name, float[] values, params long[] shape) =>
        new(name, TensorDatatype.Fp32, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    public static SampleInput Integers(string name, long[] values, params long[] shape) =>
        new(name, TensorDatatype.Int64, shape, MemoryMarshal.AsBytes<long>(values).ToArray());

    /// <summary>Numbers between -1 and 1.</summary>
    public static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    /// <summary>The largest difference.</summary>
    public static double Distance(IReadOnlyList<double> one, IReadOnlyList<double> other)
    {
        Assert.Equal(one.Count, other.Count);
        return one.Zip(other, (left, right) => Math.Abs(left - right)).Max();
    }

    /// <summary>[rows, inner] times [inner, columns].</summary>
    public static double[] Product(float[] left, float[] right, int rows, int inner, int columns)
    {
        var product = new double[rows * columns];
        for (var i = 0; i < product.Length; i++)
        {
            var (row, column) = (i / columns, i % columns);
            for (var k = 0; k < inner; k++)
                product[i] += (double)left[(row * inner) + k] * right[(k * columns) + column];
        }

        return product;
    }
}
