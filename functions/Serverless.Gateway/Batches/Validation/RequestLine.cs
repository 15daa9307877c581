using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>What validation needs to know of one input line.</summary>
/// <param name="CustomId">First 128 bits of the id's SHA-256: 50,000 ids of any length in 800 KB.</param>
/// <param name="Url">The line's <c>url</c>.</param>
/// <param name="Model">The body's <c>model</c>, or null.</param>
/// <param name="Inputs">How many inputs an embeddings request has.</param>
/// <param name="MaxTokens">Tokens of each text that it may generate, or null when it does not say.</param>
/// <param name="Texts">How many texts it asks for.</param>
internal readonly record struct RequestLine(UInt128 CustomId, string Url, string? Model, int Inputs, int? MaxTokens, int Texts)
{
    private const int MaxDepth = 64;

    /// <summary>Reads a line.</summary>
    /// <exception cref="LineException">What is wrong with it.</exception>
    public static RequestLine Read(ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line))
            throw new LineException(BatchErrorCodes.InvalidJsonLine, "The line is not UTF-8.");
        try
        {
            return ReadObject(line);
        }
        catch (JsonException exception)
        {
            throw new LineException(BatchErrorCodes.InvalidJsonLine, $"The line is not valid JSON: byte {exception.BytePositionInLine}.");
        }
        catch (InvalidOperationException)
        {
            throw new LineException(BatchErrorCodes.InvalidJsonLine, "The line holds an escaped character that is not valid.");
        }
    }

    private static RequestLine ReadObject(ReadOnlySpan<byte> line)
    {
        var json = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = MaxDepth });
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
            throw Wrong("The line must be a JSON object.", null);
        UInt128? customId = null;
        string? method = null, url = null;
        RequestBody? body = null;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("custom_id"u8))
                customId = ReadCustomId(ref json);
            else if (json.ValueTextEquals("method"u8))
                method = ReadString(ref json, "method");
            else if (json.ValueTextEquals("url"u8))
                url = ReadString(ref json, "url");
            else if (json.ValueTextEquals("body"u8))
                body = RequestBody.Read(ref json);
            else
                json.Skip();
        }

        // Reads on to the end of the line: a second value on it is an error.
        json.Read();
        if (customId is null)
            throw Wrong("'custom_id' is missing.", "custom_id");
        if (method != "POST")
            throw Wrong("'method' must be 'POST'.", "method");
        return new RequestLine(
            customId.Value,
            url ?? throw Wrong("'url' is missing.", "url"),
            (body ?? throw Wrong("'body' is missing.", "body")).Model,
            body.Value.Inputs,
            body.Value.MaxTokens,
            body.Value.Texts);
    }

    private static UInt128 ReadCustomId(ref Utf8JsonReader json)
    {
        var id = Encoding.UTF8.GetBytes(ReadString(ref json, "custom_id"));
        if (id.Length is 0 or > JobLimits.MaxCustomIdBytes)
            throw Wrong($"'custom_id' must have 1 to {JobLimits.MaxCustomIdBytes} bytes.", "custom_id");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(id, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static string ReadString(ref Utf8JsonReader json, string name)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String ? json.GetString()! : throw Wrong($"'{name}' must be a string.", name);
    }

    private static LineException Wrong(string message, string? param) => new(BatchErrorCodes.InvalidRequest, message, param);
}
