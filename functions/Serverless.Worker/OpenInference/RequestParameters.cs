using System.Text.Json;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Worker.Json;
using Serverless.Worker.Serving;

namespace Serverless.Worker.OpenInference;

/// <summary>
/// Parameters of a request, an input or a requested output: pairs of a name and a string, number or boolean. Those that would change the
/// answer and are not offered are refused, the rest is let be.
/// </summary>
internal sealed class RequestParameters
{
    // 0 is the protocol's word for "none" and for "default".
    private const long MaxTimeoutMicroseconds = 3_600_000_000;
    private const int MaxPriority = 1000;

    private static readonly string[] NotOffered =
        ["classification", "shared_memory_region", "shared_memory_byte_size", "shared_memory_offset", "sequence_id", "sequence_start", "sequence_end"];

    /// <summary>Whether an output is to be answered in binary; null where it is not said.</summary>
    public bool? BinaryData { get; private set; }

    /// <summary>Whether outputs are to be answered in binary unless they say otherwise.</summary>
    public bool? BinaryDataOutput { get; private set; }

    /// <summary>Bytes of an input after the JSON; null where its data is in the JSON.</summary>
    public long? BinaryDataSize { get; private set; }

    /// <summary>How long the caller waits; null for as long as the worker lets it.</summary>
    public TimeSpan? Timeout { get; private set; }

    /// <summary>1 for the most urgent; larger is less so; 0 for the default.</summary>
    public int Priority { get; private set; }

    /// <param name="reader">Stands on the value of <c>parameters</c>.</param>
    /// <param name="where">What it belongs to, for messages.</param>
    public static RequestParameters Read(ref Utf8JsonReader reader, string where)
    {
        JsonValues.Expect(ref reader, JsonTokenType.StartObject, where);
        var parameters = new RequestParameters();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonValues.PropertyName(ref reader);
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject or JsonTokenType.Null)
            {
                throw JsonValues.Invalid(
                    $"{where} holds {JsonValues.Describe(reader.TokenType)}; parameters are strings, numbers or booleans.", where);
            }

            parameters.Take(ref reader, name, $"{where}.{name}");
        }

        return parameters;
    }

    /// <summary>
    /// The terms of a run with what these say: a deadline if it is sooner, and a priority, of which the first goes with the interactive
    /// requests and the others with the batches.
    /// </summary>
    public RunTerms ApplyTo(RunTerms terms, TimeProvider time)
    {
        if (Timeout is { } timeout)
            terms = terms.Within(timeout, time);
        return Priority == 0 ? terms : terms with { Priority = Priority == 1 ? RunPriority.Interactive : RunPriority.Batch };
    }

    /// <summary>Sets one parameter, as gRPC brings it.</summary>
    public void Set(string name, object value, string where)
    {
        switch (name, value)
        {
            case ("timeout", long timeout):
                Timeout = ToTimeout(timeout, where);
                break;
            case ("priority", long priority):
                Priority = ToPriority(priority, where);
                break;
            case ("binary_data_output", bool binary):
                BinaryDataOutput = binary;
                break;
            case ("timeout" or "priority", _):
                throw JsonValues.Invalid($"{where} must be a whole number.", where);
            default:
                Refuse(name, where);
                break;
        }
    }

    private void Take(ref Utf8JsonReader reader, string name, string where)
    {
        switch (name)
        {
            case "binary_data":
                BinaryData = Bool(ref reader, where);
                break;
            case "binary_data_output":
                BinaryDataOutput = Bool(ref reader, where);
                break;
            case "binary_data_size":
                BinaryDataSize = Whole(ref reader, where);
                break;
            case "timeout":
                Timeout = ToTimeout(Whole(ref reader, where), where);
                break;
            case "priority":
                Priority = ToPriority(Whole(ref reader, where), where);
                break;
            default:
                Refuse(name, where);
                break;
        }
    }

    private static void Refuse(string name, string where)
    {
        if (!NotOffered.Contains(name))
            return;
        var feature = name.StartsWith("sequence", StringComparison.Ordinal) ? "Sequences of requests are"
            : name == "classification" ? "Classification of outputs is"
            : "Shared memory is";
        throw new InferenceException(ErrorKind.NotImplemented, $"{feature} not offered; leave {where} out.", where);
    }

    private static bool Bool(ref Utf8JsonReader reader, string where) =>
        reader.TokenType is JsonTokenType.True or JsonTokenType.False
            ? reader.TokenType == JsonTokenType.True
            : throw JsonValues.Invalid($"{where} must be a boolean, not {JsonValues.Describe(reader.TokenType)}.", where);

    private static long Whole(ref Utf8JsonReader reader, string where) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var value)
            ? value
            : throw JsonValues.Invalid($"{where} must be a whole number.", where);

    private static TimeSpan? ToTimeout(long microseconds, string where) => microseconds switch
    {
        0 => null,
        > 0 and <= MaxTimeoutMicroseconds => TimeSpan.FromMicroseconds(microseconds),
        _ => throw JsonValues.Invalid($"{where} must be 0 to {MaxTimeoutMicroseconds} microseconds, not {microseconds}.", where),
    };

    private static int ToPriority(long priority, string where) => priority is >= 0 and <= MaxPriority
        ? (int)priority
        : throw JsonValues.Invalid($"{where} must be 0 (default) or 1 (most urgent) to {MaxPriority}, not {priority}.", where);
}
