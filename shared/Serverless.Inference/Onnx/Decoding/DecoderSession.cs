using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Serverless.Contracts.Errors;
using Serverless.Models.Manifest;

namespace Serverless.Inference.Onnx.Decoding;

/// <summary>A decoder's session with the names of what it takes and gives.</summary>
internal sealed class DecoderSession : IDisposable
{
    public const string Ids = "input_ids";
    public const string Mask = "attention_mask";
    public const string Positions = "position_ids";
    public const string Logits = "logits";

    private readonly InferenceSession _session;
    private readonly RunOptions _options = new();

    /// <param name="session">Stays the caller's.</param>
    /// <param name="record">What was found when it was pushed.</param>
    /// <exception cref="ModelRefusedException">They do not fit together.</exception>
    public DecoderSession(OnnxSession session, DecoderRecord record)
    {
        (_session, Record) = (session.Runtime, record);
        Past = [.. Enumerable.Range(0, record.Layers * 2).Select(part => $"past_key_values.{part / 2}.{Kind(part)}")];
        Present = [.. Enumerable.Range(0, record.Layers * 2).Select(part => $"present.{part / 2}.{Kind(part)}")];
        DecoderSignature.Check(_session, this);
        HasMask = _session.InputMetadata.ContainsKey(Mask);
        HasPositions = _session.InputMetadata.ContainsKey(Positions);
    }

    public DecoderRecord Record { get; }

    /// <summary>Names of the inputs for keys and values, part by part.</summary>
    public string[] Past { get; }

    /// <summary>Names of the outputs for them.</summary>
    public string[] Present { get; }

    public bool HasMask { get; }

    public bool HasPositions { get; }

    public TensorElementType KvType => Record.HalfPrecision ? TensorElementType.Float16 : TensorElementType.Float;

    public TensorElementType LogitsType => _session.OutputMetadata[Logits].ElementDataType;

    public OrtIoBinding Bind() => _session.CreateIoBinding();

    /// <exception cref="InferenceException">The run failed.</exception>
    public void Run(OrtIoBinding binding)
    {
        try
        {
            _session.RunWithBinding(_options, binding);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InferenceException(
                ErrorKind.Internal, $"The model failed while it ran: {OnnxFailure.FirstLine(error.Message)}", inner: error);
        }
    }

    public void Dispose() => _options.Dispose();

    private static string Kind(int part) => part % 2 == 0 ? "key" : "value";
}
