using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serverless.Inference.Onnx;
using Serverless.Inference.Tensors;
using Serverless.Models.Manifest;

namespace Serverless.Worker.OpenInference;

/// <summary>A model's signature in the form in which requests and answers have it: UTF-8, ready to compare and to write.</summary>
internal sealed class SignatureTable
{
    private static readonly ConditionalWeakTable<OnnxSignature, SignatureTable> Tables = [];

    private readonly SignatureInput[] _inputs;
    private readonly Dictionary<string, byte[]> _heads;

    private readonly HashSet<string> _withoutJsonForm;

    private SignatureTable(OnnxSignature signature)
    {
        Signature = signature;
        _inputs = [.. signature.Inputs.Select(input => new SignatureInput(input))];
        _heads = signature.Outputs.ToDictionary(output => output.Name, Head, StringComparer.Ordinal);
        _withoutJsonForm = [.. signature.Outputs.Where(output => !HasJsonForm(output)).Select(output => output.Name)];
        AllOutputs = [.. signature.Outputs.Select(output => output.Name)];
    }

    public OnnxSignature Signature { get; }

    public IReadOnlyList<SignatureInput> Inputs => _inputs;

    /// <summary>Names of all outputs, in the graph's order.</summary>
    public string[] AllOutputs { get; }

    public static SignatureTable Of(OnnxSignature signature) => Tables.GetValue(signature, static key => new SignatureTable(key));

    /// <summary>The input called <paramref name="name"/>, or null.</summary>
    public SignatureInput? Find(ReadOnlySpan<byte> name)
    {
        foreach (var input in _inputs)
        {
            if (name.SequenceEqual(input.Utf8Name))
                return input;
        }

        return null;
    }

    /// <summary>An output in JSON up to its shape's opening bracket.</summary>
    public ReadOnlySpan<byte> HeadOf(string output) => _heads[output];

    /// <summary>Whether JSON can carry the output.</summary>
    public bool HasJsonForm(string output) => _withoutJsonForm.Count == 0 || !_withoutJsonForm.Contains(output);

    private static bool HasJsonForm(TensorSignature output) =>
        !Datatypes.TryParse(output.Datatype, out var datatype) || Datatypes.HasJsonForm(datatype);

    private static byte[] Head(TensorSignature output)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("name", output.Name);
        json.WriteString("datatype", output.Datatype);
        json.Flush();
        return [.. buffer.WrittenSpan, .. Encoding.ASCII.GetBytes(",\"shape\":[")];
    }
}
