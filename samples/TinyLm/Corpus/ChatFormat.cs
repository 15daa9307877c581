using TinyLm.Tokens;

namespace TinyLm.Corpus;

/// <summary>A conversation as tokens, the same as the chat template makes them.</summary>
internal sealed class ChatFormat(BytePairTokenizer tokenizer)
{
    public const string User = "user";
    public const string Assistant = "assistant";

    /// <summary>
    /// The template of <c>tokenizer_config.json</c>. Messages of other roles are left out: the model has read none, and would only be
    /// disturbed.
    /// </summary>
    public const string Template =
        "{% for message in messages %}{% if message['role'] == 'user' or message['role'] == 'assistant' %}"
        + "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}{% endif %}{% endfor %}"
        + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

    private readonly int[] _newLine = tokenizer.Encode("\n");
    private readonly Dictionary<string, int[]> _roles = new()
    {
        [User] = tokenizer.Encode(User + "\n"),
        [Assistant] = tokenizer.Encode(Assistant + "\n"),
    };

    /// <summary>Adds what one side says, with its end.</summary>
    public void AddTurn(List<int> tokens, string role, ReadOnlySpan<int> content)
    {
        AddOpening(tokens, role);
        tokens.AddRange(content);
        tokens.Add(SpecialTokens.TurnEnd);
        tokens.AddRange(_newLine);
    }

    /// <summary>Adds what comes before that side speaks.</summary>
    public void AddOpening(List<int> tokens, string role)
    {
        tokens.Add(SpecialTokens.TurnStart);
        tokens.AddRange(_roles[role]);
    }
}
