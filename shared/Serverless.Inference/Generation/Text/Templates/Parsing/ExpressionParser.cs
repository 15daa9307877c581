using Serverless.Inference.Generation.Text.Templates.Expressions;

namespace Serverless.Inference.Generation.Text.Templates.Parsing;

/// <summary>Operators, from those that bind least to those that bind most.</summary>
internal sealed class ExpressionParser
{
    private static readonly string[] Comparisons = ["==", "!=", "<", "<=", ">", ">="];

    private readonly TokenReader _reader;
    private readonly OperandParser _operands;

    public ExpressionParser(TokenReader reader)
    {
        _reader = reader;
        _operands = new OperandParser(reader, this);
    }

    /// <summary>An expression of a tag.</summary>
    public Expression ParseWhole(bool withCondition = true)
    {
        _reader.Unlink();
        return Parse(withCondition);
    }

    /// <param name="withCondition">Whether an <c>if</c> after it belongs to it.</param>
    public Expression Parse(bool withCondition = true) => _reader.Nested(() => withCondition ? Conditional() : Or());

    private Expression Conditional()
    {
        var value = Or();
        while (_reader.IsName("if"))
        {
            var line = Link();
            var condition = Or();
            var otherwise = _reader.TakeName("else") ? Parse() : null;
            value = new ConditionalExpression(line, condition, value, otherwise);
        }

        return value;
    }

    private Expression Or()
    {
        var left = And();
        while (_reader.IsName("or"))
            left = new LogicExpression(Link(), isOr: true, left, And());
        return left;
    }

    private Expression And()
    {
        var left = Not();
        while (_reader.IsName("and"))
            left = new LogicExpression(Link(), isOr: false, left, Not());
        return left;
    }

    private Expression Not()
    {
        if (!_reader.IsName("not"))
            return Comparison();
        var line = Link();
        return _reader.Nested(() => new NotExpression(line, Not()));
    }

    private Expression Comparison()
    {
        var left = Sum();
        while (Comparator() is { } comparison)
        {
            var line = Link();
            if (comparison == "not in")
                _reader.Take();
            left = new ComparisonExpression(line, comparison, left, Sum());
            if (Comparator() is not null)
                throw new TemplateException(_reader.Line, "comparisons in a row are not supported; join them with 'and'");
        }

        return left;
    }

    private string? Comparator() =>
        _reader.Current.Kind == TemplateTokenKind.Operator && Comparisons.Contains(_reader.Current.Value) ? _reader.Current.Value
        : _reader.IsName("in") ? "in"
        : _reader.IsName("not") && _reader.Following is { Kind: TemplateTokenKind.Name, Value: "in" } ? "not in"
        : null;

    private Expression Sum()
    {
        var left = Concatenation();
        while (_reader.IsOperator("+") || _reader.IsOperator("-"))
            left = Arithmetic(left, Concatenation);
        return left;
    }

    private Expression Concatenation()
    {
        var left = Product();
        while (_reader.IsOperator("~"))
            left = Arithmetic(left, Product);
        return left;
    }

    private Expression Product()
    {
        var left = _operands.Parse();
        while (_reader.IsOperator("*") || _reader.IsOperator("/") || _reader.IsOperator("//") || _reader.IsOperator("%"))
            left = Arithmetic(left, _operands.Parse);
        return left;
    }

    private ArithmeticExpression Arithmetic(Expression left, Func<Expression> right)
    {
        var sign = _reader.Current.Value;
        var line = Link();
        return new ArithmeticExpression(line, sign, left, right());
    }

    private int Link()
    {
        _reader.Link();
        return _reader.Take().Line;
    }
}
