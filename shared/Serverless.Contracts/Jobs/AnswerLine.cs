using System.Buffers;
using System.Text.Json;

namespace Serverless.Contracts.Jobs;

/// <summary>Writes lines of output and error files.</summary>
public static class AnswerLine
{
    /// <summary>
    /// The id of the answer to request <paramref name="index"/>: the same however often the request is run.
    /// </summary>
    public static string IdOf(string batch, int index) =>
        FormattableString.Invariant($"batch_req_{batch[(batch.IndexOf('_', StringComparison.Ordinal) + 1)..]}_{index:D6}");

    /// <summary>A request that was answered with a status and a JSON body; belongs in the error file from status 400 on.</summary>
    public static void WriteResponse(
        IBufferWriter<byte> to, string batch, int index, string customId, int status, ReadOnlySpan<byte> body)
    {
        var id = IdOf(batch, index);
        using (var json = Begin(to, id, customId))
        {
            json.WriteStartObject("response");
            json.WriteNumber("status_code", status);
            json.WriteString("request_id", id);
            json.WritePropertyName("body");
            json.WriteRawValue(body, skipInputValidation: true);
            json.WriteEndObject();
            json.WriteNull("error");
            json.WriteEndObject();
        }

        to.Write("\n"u8);
    }

    /// <summary>A request that was not run; belongs in the error file.</summary>
    public static void WriteError(IBufferWriter<byte> to, string batch, int index, string customId, string code, string message)
    {
        using (var json = Begin(to, IdOf(batch, index), customId))
        {
            json.WriteNull("response");
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        to.Write("\n"u8);
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> to, string id, string customId)
    {
        var json = new Utf8JsonWriter(to);
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("custom_id", customId);
        return json;
    }
}
