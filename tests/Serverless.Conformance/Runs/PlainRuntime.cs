using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Conformance.Data;
using Serverless.Inference.Tensors;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace Serverless.Conformance.Runs;

/// <summary>ONNX Runtime alone, in this process: what the worker is held against.</summary>
internal static class PlainRuntime
{
    /// <summary>Loads and runs a case.</summary>
    public static PlainResult Run(OnnxCase test)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1 };
        InferenceSession session;
        try
        {
            session = new InferenceSession(test.File, options);
        }
        catch (OnnxRuntimeException error)
        {
            return new PlainResult(PlainOutcome.NotLoaded, error.Message);
        }

        using (session)
        {
            return Run(test, session);
        }
    }

    private static PlainResult Run(OnnxCase test, InferenceSession session)
    {
        var nodes = session.InputMetadata.Values.Concat(session.OutputMetadata.Values);
        if (!nodes.All(node => node.IsTensor))
            return new PlainResult(PlainOutcome.OtherTypes, "not only tensors");
        if (test.ReadInputs(session.InputNames) is not { } inputs || test.ReadOutputs(session.OutputNames) is not { } expected)
            return new PlainResult(PlainOutcome.OtherTypes, "a tensor of another type");
        try
        {
            var outputs = Run(session, inputs);
            var difference = Closeness.FindDifference(expected, outputs);
            return new PlainResult(difference is null ? PlainOutcome.Passes : PlainOutcome.Differs, difference)
            {
                Inputs = inputs,
                Expected = expected,
                Outputs = outputs,
            };
        }
        catch (OnnxRuntimeException error)
        {
            return new PlainResult(PlainOutcome.DoesNotRun, error.Message) { Inputs = inputs, Expected = expected };
        }
    }

    private static List<CaseTensor> Run(InferenceSession session, IReadOnlyList<CaseTensor> inputs)
    {
        using var options = new RunOptions();
        var values = inputs.Select(ToValue).ToList();
        try
        {
            using var results = session.Run(options, [.. inputs.Select(input => input.Name)], values, session.OutputNames);
            return [.. results.Select((value, index) => FromValue(session.OutputNames[index], value))];
        }
        finally
        {
            values.ForEach(value => value.Dispose());
        }
    }

    private static OrtValue ToValue(CaseTensor tensor)
    {
        if (tensor.Datatype == TensorDatatype.Bytes)
        {
            var strings = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Shape);
            for (var i = 0; i < tensor.Strings.Length; i++)
                strings.StringTensorSetElementAt(tensor.Strings[i], i);
            return strings;
        }

        var value = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, Types[tensor.Datatype], tensor.Shape);
        if (tensor.Data.Length > 0)
            tensor.Data.CopyTo(value.GetTensorMutableRawData());
        return value;
    }

    private static CaseTensor FromValue(string name, OrtValue value)
    {
        var info = value.GetTensorTypeAndShape();
        var datatype = Types.First(pair => pair.Value == info.ElementDataType).Key;
        var count = info.Shape.Aggregate(1L, (product, dimension) => product * dimension);
        if (datatype != TensorDatatype.Bytes)
            return new CaseTensor(name, datatype, info.Shape, count == 0 ? [] : value.GetTensorMutableRawData().ToArray(), []);
        return new CaseTensor(
            name, datatype, info.Shape, [], [.. Enumerable.Range(0, (int)count).Select(i => value.GetStringElementAsSpan(i).ToArray())]);
    }

    private static readonly Dictionary<TensorDatatype, TensorElementType> Types = new()
    {
        [TensorDatatype.Bool] = TensorElementType.Bool,
        [TensorDatatype.UInt8] = TensorElementType.UInt8,
        [TensorDatatype.UInt16] = TensorElementType.UInt16,
        [TensorDatatype.UInt32] = TensorElementType.UInt32,
        [TensorDatatype.UInt64] = TensorElementType.UInt64,
        [TensorDatatype.Int8] = TensorElementType.Int8,
        [TensorDatatype.Int16] = TensorElementType.Int16,
        [TensorDatatype.Int32] = TensorElementType.Int32,
        [TensorDatatype.Int64] = TensorElementType.Int64,
        [TensorDatatype.Fp16] = TensorElementType.Float16,
        [TensorDatatype.Bf16] = TensorElementType.BFloat16,
        [TensorDatatype.Fp32] = TensorElementType.Float,
        [TensorDatatype.Fp64] = TensorElementType.Double,
        [TensorDatatype.Bytes] = TensorElementType.String,
    };
}
