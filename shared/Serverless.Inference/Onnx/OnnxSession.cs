using Microsoft.ML.OnnxRuntime;
using Serverless.Contracts.Errors;
using Serverless.Inference.Tensors;

namespace Serverless.Inference.Onnx;

/// <summary>A graph ready to run.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly IDisposable[] _belongings;
    private readonly string[] _inputNames;
    private readonly Dictionary<string, TensorDatatype> _outputTypes;
    private readonly RunOptions _unstoppable = new();
    private volatile bool _outputsVary;

    private OnnxSession(InferenceSession session, IDisposable[] belongings)
    {
        _session = session;
        _belongings = belongings;
        Signature = new OnnxSignature(
            [.. session.InputNames.Select(name => OnnxTypes.ToSignature("input", name, session.InputMetadata[name]))],
            [.. session.OutputNames.Select(name => OnnxTypes.ToSignature("output", name, session.OutputMetadata[name]))]);
        _inputNames = [.. session.InputNames];
        _outputTypes = session.OutputNames.ToDictionary(
            name => name, name => OnnxTypes.ToDatatype(session.OutputMetadata[name].ElementDataType)!.Value, StringComparer.Ordinal);
    }

    public OnnxSignature Signature { get; }

    /// <summary>The runtime's own session, for those who bind values to it themselves.</summary>
    public InferenceSession Runtime => _session;

    /// <summary>A session over a file as it is.</summary>
    /// <param name="path">The file.</param>
    /// <param name="provider">What runs it.</param>
    /// <param name="restoresWeights">Whether it is one that <see cref="WeightOnlyQuantization"/> is about.</param>
    /// <exception cref="ModelRefusedException">The graph cannot be served; the message says why.</exception>
    public static OnnxSession Open(string path, ExecutionProvider provider, bool restoresWeights = false)
    {
        OnnxRuntimeLibrary.EnsureStarted();
        try
        {
            using var options = Options(provider, GraphOptimizationLevel.ORT_ENABLE_ALL);
            if (restoresWeights)
                WeightOnlyQuantization.RestoreOnce(options);
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
    /// <param name="provider">What runs the graph.</param>
    /// <param name="level">How far the runtime optimises it itself.</param>
    /// <param name="ownThreads">Threads of its own instead of the process's; 0 for none.</param>
    public static SessionOptions Options(ExecutionProvider provider, GraphOptimizationLevel level, int ownThreads = 0)
    {
        var options = new SessionOptions
        {
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            GraphOptimizationLevel = level,
        };
        if (ownThreads > 0)
            UseOwnThreads(options, ownThreads);
        else if (OnnxRuntimeLibrary.HasGlobalThreads)
            options.DisablePerSessionThreads();
        ExecutionProviderSelector.Append(options, provider);
        return options;
    }

    // One run after another, each a little longer than the last: a memory pattern for every length would only be memory that never goes.
    private static void UseOwnThreads(SessionOptions options, int threads)
    {
        options.IntraOpNumThreads = threads;
        options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
        options.EnableMemoryPattern = false;
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
        if (!cancellationToken.CanBeCanceled)
            return Run(InOrder(inputs), outputs, shapes: null, stop: null);
        using var stop = new RunStop();
        using var registration = cancellationToken.UnsafeRegister(static state => ((RunStop)state!).Stop(), stop);
        try
        {
            return Run(InOrder(inputs), outputs, shapes: null, stop);
        }
        catch (InferenceException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Runs the graph.</summary>
    /// <param name="inputs">In the signature's order; they stay the caller's.</param>
    /// <param name="outputs">Names of the outputs wanted.</param>
    /// <param name="shapes">Their shapes where they are known: such outputs go straight into pooled memory.</param>
    /// <param name="stop">Ends the run early; null when nobody will.</param>
    /// <exception cref="InferenceException">The run failed, or was stopped.</exception>
    public Tensor[] Run(BufferTensor[] inputs, IReadOnlyList<string> outputs, long[][]? shapes, RunStop? stop)
    {
        var values = new OrtValue[inputs.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++)
                values[i] = ToValue(inputs[i]);
            var options = stop?.Options ?? _unstoppable;
            return shapes is null || _outputsVary
                ? Read(outputs, _session.Run(options, _inputNames, values, outputs))
                : RunInto(options, values, outputs, shapes);
        }
        catch (OnnxRuntimeException error)
        {
            throw OnnxFailure.ToException(error);
        }
        finally
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                // The others belong to their blocks.
                if (inputs[i].Datatype == TensorDatatype.Bytes)
                    values[i]?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        _unstoppable.Dispose();
        _session.Dispose();
        foreach (var belonging in _belongings)
            belonging.Dispose();
    }

    private Tensor[] RunInto(RunOptions options, OrtValue[] inputs, IReadOnlyList<string> names, long[][] shapes)
    {
        var outputs = new Tensor[shapes.Length];
        var values = new OrtValue[shapes.Length];
        try
        {
            for (var i = 0; i < shapes.Length; i++)
            {
                var output = Allocate(names[i], shapes[i]);
                outputs[i] = output;
                values[i] = BoundValue.Of(output.Block, output.Datatype, output.Dimensions, output.Bytes);
            }

            _session.Run(options, _inputNames, inputs, names, values);
            return outputs;
        }
        catch (OnnxRuntimeException error)
        {
            foreach (var output in outputs)
                output?.Dispose();
            if (!error.Message.Contains("shape", StringComparison.OrdinalIgnoreCase) || options.Terminate)
                throw;

            // The graph's own account of its outputs may be wrong, which the runtime forgives as long as it allocates them.
            var allocated = Read(names, _session.Run(options, _inputNames, inputs, names));
            _outputsVary = true;
            return allocated;
        }
    }

    private BufferTensor Allocate(string name, long[] shape)
    {
        var datatype = _outputTypes[name];
        if (!TensorShape.TryCount(shape, out var count) || count * Datatypes.SizeOf(datatype) > int.MaxValue)
            throw new InferenceException(ErrorKind.InvalidRequest, $"The output '{name}' would take more than 2 GiB; send fewer rows.");
        return new BufferTensor(name, datatype, shape, TensorBuffer.Rent((int)count * Datatypes.SizeOf(datatype)));
    }

    private BufferTensor[] InOrder(IReadOnlyList<BufferTensor> inputs) =>
        [.. _inputNames.Select(name => inputs.First(input => input.Name == name))];

    private static Tensor[] Read(IReadOnlyList<string> names, IDisposableReadOnlyCollection<OrtValue> results)
    {
        try
        {
            var outputs = new Tensor[results.Count];
            for (var i = 0; i < outputs.Length; i++)
                outputs[i] = OnnxOutput.From(names[i], results[i]);
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
        if (tensor.Datatype != TensorDatatype.Bytes)
            return BoundValue.Of(tensor.Block, tensor.Datatype, tensor.Dimensions, tensor.Bytes);
        var value = OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, tensor.Dimensions);
        for (var i = 0; i < tensor.Count; i++)
            value.StringTensorSetElementAt(tensor.StringAt(i), i);
        return value;
    }
}
