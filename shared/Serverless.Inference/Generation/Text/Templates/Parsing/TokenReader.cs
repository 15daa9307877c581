namespace Serverless.Inference.Generation.Text.Templates.Parsing;

/// <summary>Goes through the tokens, and counts how deep the template nests.</summary>
internal sealed class TokenReader(IReadOnlyList<TemplateToken> tokens)
{
    private int _at;
    private int _depth;
    private int _links;

    public TemplateToken Current => tokens[_at];

    public TemplateToken Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public int Line => Current.Line;

    public TemplateToken Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool IsOperator(string value) => Current.Kind == TemplateTokenKind.Operator && Current.Value == value;

    public bool IsName(string value) => Current.Kind == TemplateTokenKind.Name && Current.Value == value;

    public bool TakeOperator(string value) => IsOperator(value) && Take().Line > 0;

    public bool TakeName(string value) => IsName(value) && Take().Line > 0;

    public void ExpectOperator(string value)
    {
        if (!TakeOperator(value))
            throw Unexpected($"'{value}'");
    }

    public TemplateToken Expect(TemplateTokenKind kind, string what) => Current.Kind == kind ? Take() : throw Unexpected(what);

    public TemplateException Unexpected(string wanted) => new(
        Line, $"{wanted} was expected, not {(Current.Value.Length > 0 ? $"'{Current.Value}'" : Current.Kind.ToString())}");

    /// <summary>Parses what lies one level deeper.</summary>
    public T Nested<T>(Func<T> parse)
    {
        if (++_depth > TemplateLimits.Depth)
            throw new TemplateException(Line, $"it nests more than {TemplateLimits.Depth} deep");
        var result = parse();
        _depth--;
        return result;
    }

    /// <summary>Counts an operator: chains of them nest too, to the left.</summary>
    public void Link()
    {
        if (++_links > TemplateLimits.Links)
            throw new TemplateException(Line, $"an expression has more than {TemplateLimits.Links} operators");
    }

    /// <summary>A new expression begins.</summary>
    public void Unlink() => _links = 0;
}
