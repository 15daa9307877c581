using Microsoft.ML.OnnxRuntime;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx;

/// <summary>A graph ready to run.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly IDisposable[] _belongings;

    private OnnxSession(InferenceSession session, IDisposable[] belongings)
    {
        _session = session;
        _belongings = belongings;
        Signature = new OnnxSignature(
            [.. session.InputNames.Select(name => OnnxTypes.ToSignature("input", name, session.InputMetadata[name]))],
            [.. session.OutputNames.Select(name => OnnxTypes.ToSignature("output", name, session.OutputMetadata[name]))]);
    }

    public OnnxSignature Signature { get; }

    /// <summary>A session over a file as it is.</summary>
    /// <exception cref="ModelRefusedException">The graph cannot be served; the message says why.</exception>
    public static OnnxSession Open(string path, ExecutionProvider provider)
    {
        OnnxRuntimeLibrary.EnsureStarted();
        try
        {
            using var options = Options(provider, GraphOptimizationLevel.ORT_ENABLE_ALL);
            return Adopt(new InferenceSession(path, options));
        }
        catch (Exception error)
        {
            throw ToRefusal(error);
        }
    }

    /// <summary>Takes <paramref name="session"/> over, with what must live as long as it does.</summary>
    public static OnnxSession Adopt(InferenceSession session, params IDisposable[] belongings)
    {
        try
        {
            return new OnnxSession(session, belongings);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Options that every session of the process shares.</summary>
    public static SessionOptions Options(ExecutionProvider provider, GraphOptimizationLevel level)
    {
        var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            GraphOptimizationLevel = level,
        };
        if (OnnxRuntimeLibrary.HasGlobalThreads)
            options.DisablePerSessionThreads();
        ExecutionProviderSelector.Append(options, provider);
        return options;
    }

    /// <summary>What it means that a session could not be created.</summary>
    public static ModelRefusedException ToRefusal(Exception error) => error switch
    {
        ModelRefusedException refused => refused,
        // Float8 and int4 tensors: the managed library has no type for them and fails while it reads the graph's inputs.
        _ when error.Message.Contains("Unregistered TensorElementType", StringComparison.Ordinal) =>
            new ModelRefusedException("an input or output has elements of a type that no protocol carries (such as float8 or int4)", error),
        _ => new ModelRefusedException(OnnxFailure.FirstLine(error.Message), error),
    };

    /// <summary>Runs the graph. Outputs belong to the caller.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled while the graph ran.</exception>
    public IReadOnlyList<Tensor> Run(IReadOnlyList<BufferTensor> inputs, IReadOnlyList<string> outputs, CancellationToken cancellationToken)
    {
        using var options = new RunOptions();
        using var stop = cancellationToken.UnsafeRegister(static state => ((RunOptions)state!).Terminate = true, options);
        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                values.Add(ToValue(input));
            var results = _session.Run(options, [.. inputs.Select(input => input.Name)], values, outputs);
            return Read(outputs, results);
        }
        catch (OnnxRuntimeException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw OnnxFailure.ToException(error);
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        foreach (var belonging in _belongings)
            belonging.Dispose();
    }

    private static List<Tensor> Read(IReadOnlyList<string> names, IDisposableReadOnlyCollection<OrtValue> results)
    {
        try
        {
            var outputs = new List<Tensor>(results.Count);
            for (var i = 0; i < results.Count; i++)
                outputs.Add(OnnxOutput.From(names[i], results[i]));
            return outputs;
        }
        catch (ModelRefusedException error)
        {
            results.Dispose();
            throw new InferenceException(ErrorKind.NotImplemented, $"The model cannot be served: {error.Message}.", inner: error);
        }
    }

    private static OrtValue ToValue(BufferTensor tensor)
    {
        long[] shape = [.. tensor.Shape];
        if (tensor.Datatype != TensorDatatype.Bytes)
        {
            var type = OnnxTypes.ToElementType(tensor.Datatype);
            return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, type, shape, tensor.Address, tensor.Data.Length);
        }

        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape);
        for (var i = 0; i < tensor.Count; i++)
            value.StringTensorSetElementAt(tensor.StringAt(i), i);
        return value;
    }
}
