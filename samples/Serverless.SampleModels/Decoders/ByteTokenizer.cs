using System.Globalization;
using System.Text.Json.Nodes;

namespace Serverless.SampleModels.Decoders;

/// <summary>
/// The files of a tokenizer whose tokens are the 256 bytes, three control tokens, and made-up words that no text is ever turned into but
/// that random weights may well choose.
/// </summary>
public static class ByteTokenizer
{
    /// <summary>Ends a text that is no conversation.</summary>
    public const int EndOfText = 256;

    /// <summary>Begins a message: <c>&lt;|im_start|&gt;</c>.</summary>
    public const int MessageStart = 257;

    /// <summary>Ends a message: <c>&lt;|im_end|&gt;</c>.</summary>
    public const int MessageEnd = 258;

    /// <summary>The smallest vocabulary.</summary>
    public const int MinVocabulary = 259;

    /// <summary>A chat template in ChatML.</summary>
    public const string ChatTemplate =
        "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    private static readonly string[] Controls = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];

    /// <summary>What a decoder with this tokenizer is told: a text or a message may end.</summary>
    public static DecoderTokens Tokens { get; } = new([EndOfText, MessageEnd], EndOfText);

    /// <summary>Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c>.</summary>
    public static void Write(string folder, int vocabulary, int context)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, MinVocabulary);
        DecoderConfiguration.Save(folder, "tokenizer.json", Tokenizer(vocabulary));
        DecoderConfiguration.Save(folder, "tokenizer_config.json", new JsonObject
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["add_bos_token"] = false,
            ["bos_token"] = Controls[0],
            ["eos_token"] = Controls[2],
            ["pad_token"] = Controls[0],
            ["model_max_length"] = context,
            ["clean_up_tokenization_spaces"] = false,
            ["chat_template"] = ChatTemplate,
        });
    }

    private static JsonObject Tokenizer(int vocabulary)
    {
        var ids = new JsonObject();
        foreach (var (letter, id) in Letters().Select((letter, id) => (letter, id)))
            ids[letter.ToString()] = id;
        // Control tokens too: the id of an added token is the one that the model gives it, whatever it says beside.
        foreach (var (text, index) in Controls.Select((text, index) => (text, index)))
            ids[text] = EndOfText + index;
        for (var id = MinVocabulary; id < vocabulary; id++)
            ids[string.Create(CultureInfo.InvariantCulture, $"\u0120w{id}")] = id;
        return BytePairFile.Create(ids, [], Controls.Select((text, index) => (EndOfText + index, text)));
    }

    // GPT-2's alphabet: a byte is its own character where that is visible Latin-1, and otherwise the next one from U+0100 on. The id is
    // the byte.
    private static IEnumerable<char> Letters()
    {
        var next = '\u0100';
        for (var value = 0; value < 256; value++)
            yield return value is (>= 33 and <= 126) or (>= 161 and <= 172) or >= 174 ? (char)value : next++;
    }
}
