namespace Serverless.Inference.Generation.Text;

/// <summary>Text to token ids and back, as the model's own <c>tokenizer.json</c> says. Safe for any number of threads.</summary>
internal interface ITextTokenizer
{
    /// <summary>How many ids there are, from 0; the model's logits may have more (padding).</summary>
    int VocabularySize { get; }

    /// <summary>Token ids of <paramref name="text"/>. Special tokens written out in it count as such only where <paramref name="special"/> says so.</summary>
    /// <param name="text">Any text, the empty one too.</param>
    /// <param name="addSpecial">Whether to add what the tokenizer adds on its own (such as a first token).</param>
    /// <param name="special">Whether special tokens in the text become their ids: for rendered chat templates, never for a user's text.</param>
    IReadOnlyList<int> Encode(string text, bool addSpecial, bool special);

    /// <summary>The text of <paramref name="tokens"/> without special tokens; broken characters become U+FFFD.</summary>
    string Decode(IReadOnlyList<int> tokens);

    /// <summary>The bytes that a token adds to a text (UTF-8, maybe part of a character); empty for special tokens and unknown ids.</summary>
    ReadOnlyMemory<byte> BytesOf(int token);

    /// <summary>
    /// The same for the first token of a text: without the leading space that SentencePiece's tokenizers put before every text.
    /// </summary>
    ReadOnlyMemory<byte> BytesOfFirst(int token) => BytesOf(token);

    /// <summary>Whether it is a control token, which is never text.</summary>
    bool IsSpecial(int token);
}
