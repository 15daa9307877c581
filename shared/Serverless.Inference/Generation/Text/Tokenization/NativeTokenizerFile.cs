using System.Text.Encodings.Web;
using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>
/// Writes the <c>tokenizer.json</c> that the native library gets: special tokens under their secret names, and without what is done
/// elsewhere (surrounding tokens, decoding) or must not be done at all (truncation, padding, dropout).
/// </summary>
internal sealed class NativeTokenizerFile(TokenizerFile file, SpecialNames names)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void WriteTo(Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, Options);
        json.WriteStartObject();
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAdded(json);
        Copy(json, file.Root, "normalizer");
        Copy(json, file.Root, "pre_tokenizer");
        json.WriteNull("post_processor");
        json.WriteNull("decoder");
        WriteModel(json, file.Root.GetProperty("model"));
        json.WriteEndObject();
    }

    private void WriteAdded(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        foreach (var token in file.Added)
        {
            json.WriteStartObject();
            json.WriteNumber("id", token.Id);
            json.WriteString("content", names.Of(token.Content));
            foreach (var flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
                json.WriteBoolean(flag, token.Source is { } source && TokenizerJson.IsTrue(source, flag));
            json.WriteBoolean("special", token.IsSpecial);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteModel(Utf8JsonWriter json, JsonElement model)
    {
        var type = VocabularyReader.KindOf(model);
        json.WriteStartObject("model");
        json.WriteString("type", type);
        Copy(json, model, "byte_fallback");
        if (type == "BPE")
        {
            WriteBpe(json, model);
        }
        else
        {
            Copy(json, model, "unk_id");
            json.WriteStartArray("vocab");
            foreach (var entry in model.GetProperty("vocab").EnumerateArray())
                WriteScored(json, entry);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private void WriteBpe(Utf8JsonWriter json, JsonElement model)
    {
        if (TokenizerJson.Text(model, "unk_token") is { Length: > 0 } unknown)
            json.WriteString("unk_token", names.Of(unknown));
        Copy(json, model, "fuse_unk");
        Copy(json, model, "ignore_merges");
        json.WriteStartObject("vocab");
        foreach (var (token, id) in file.Vocabulary)
            json.WriteNumber(names.Of(token), id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach (var merge in TokenizerJson.List(model, "merges").Where(merge => !MakesSpecial(merge)))
            merge.WriteTo(json);
        json.WriteEndArray();
    }

    private void WriteScored(Utf8JsonWriter json, JsonElement entry)
    {
        json.WriteStartArray();
        json.WriteStringValue(names.Of(entry[0].GetString()!));
        entry[1].WriteTo(json);
        json.WriteEndArray();
    }

    /// <summary>Whether the merge is of, or into, a special token: by it, plain text would become one.</summary>
    private bool MakesSpecial(JsonElement merge)
    {
        var isPair = merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2
            && merge[0].ValueKind == JsonValueKind.String && merge[1].ValueKind == JsonValueKind.String;
        var text = isPair ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.ValueKind == JsonValueKind.String ? merge.GetString()! : "";
        var gap = text.IndexOf(' ', StringComparison.Ordinal);
        return gap >= 0
            && (names.Hides(text.AsSpan(0, gap)) || names.Hides(text.AsSpan(gap + 1)) || names.Hides(text.Remove(gap, 1)));
    }

    private static void Copy(Utf8JsonWriter json, JsonElement parent, string name)
    {
        if (parent.TryGetProperty(name, out var value))
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }
}
