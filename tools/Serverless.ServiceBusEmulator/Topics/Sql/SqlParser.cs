using System.Globalization;

namespace Serverless.ServiceBusEmulator.Topics.Sql;

/// <summary>Reads the filter and action language of the Service Bus documentation; limits bound what strangers may send.</summary>
internal sealed class SqlParser
{
    public const int MaxLength = 1024;
    private const int MaxDepth = 64;

    private readonly List<SqlToken> _tokens;
    private int _position;
    private int _depth;

    private SqlParser(string text)
    {
        if (text.Length > MaxLength)
            throw new SqlSyntaxException($"The expression has {text.Length} characters; at most {MaxLength} are allowed", MaxLength);
        _tokens = new SqlTokenizer(text).ReadAll();
    }

    private SqlToken Current => _tokens[_position];

    public static SqlNode ParseFilter(string text)
    {
        var parser = new SqlParser(text);
        var node = parser.Predicate();
        return parser.Current.Kind == SqlTokenKind.End ? node : throw parser.Unexpected("the end of the filter");
    }

    public static IReadOnlyList<SqlStatement> ParseAction(string text)
    {
        var parser = new SqlParser(text);
        var statements = new List<SqlStatement>();
        while (parser.Current.Kind != SqlTokenKind.End)
        {
            statements.Add(parser.Statement());
            while (parser.AcceptSymbol(";"))
            {
            }
        }

        return statements;
    }

    private SqlStatement Statement()
    {
        if (AcceptWord("REMOVE"))
            return new SqlStatement(Writable(Property()), null);
        ExpectWord("SET");
        var property = Writable(Property());
        ExpectSymbol("=");
        return new SqlStatement(property, Predicate());
    }

    private SqlNode Predicate()
    {
        if (++_depth > MaxDepth)
            throw new SqlSyntaxException($"The expression is nested deeper than {MaxDepth}", Current.Position);
        var left = Conjunction();
        while (AcceptWord("OR"))
            left = new SqlLogical(false, left, Conjunction());
        _depth--;
        return left;
    }

    private SqlNode Conjunction()
    {
        var left = Negation();
        while (AcceptWord("AND"))
            left = new SqlLogical(true, left, Negation());
        return left;
    }

    private SqlNode Negation()
    {
        var negations = 0;
        while (AcceptWord("NOT"))
            negations++;
        var inner = Comparison();
        return negations % 2 == 1 ? new SqlNot(inner) : inner;
    }

    private SqlNode Comparison()
    {
        var left = Sum();
        if (Current.Kind == SqlTokenKind.Symbol && Current.Text is "=" or "<>" or "!=" or "<" or "<=" or ">" or ">=")
            return new SqlComparison(Take().Text, left, Sum());
        if (AcceptWord("IS"))
        {
            var isNegated = AcceptWord("NOT");
            ExpectWord("NULL");
            return Negated(isNegated, new SqlIsNull(left));
        }

        var not = AcceptWord("NOT");
        if (AcceptWord("IN"))
            return Negated(not, new SqlIn(left, Choices()));
        if (AcceptWord("LIKE"))
            return Negated(not, Like(left));
        return not ? throw Unexpected("IN or LIKE") : left;
    }

    private SqlLike Like(SqlNode value)
    {
        var pattern = Sum();
        if (!AcceptWord("ESCAPE"))
            return new SqlLike(value, pattern, null);
        if (Current is not { Kind: SqlTokenKind.Text, Text.Length: 1 })
            throw Unexpected("one character in quotes");
        return new SqlLike(value, pattern, Take().Text[0]);
    }

    private List<SqlNode> Choices()
    {
        var choices = new List<SqlNode>();
        ExpectSymbol("(");
        do
        {
            choices.Add(Sum());
        }
        while (AcceptSymbol(","));
        ExpectSymbol(")");
        return choices;
    }

    private SqlNode Sum()
    {
        var left = Product();
        while (Current.IsSymbol("+") || Current.IsSymbol("-"))
            left = new SqlArithmetic(Take().Text[0], left, Product());
        return left;
    }

    private SqlNode Product()
    {
        var left = Unary();
        while (Current.IsSymbol("*") || Current.IsSymbol("/") || Current.IsSymbol("%"))
            left = new SqlArithmetic(Take().Text[0], left, Unary());
        return left;
    }

    private SqlNode Unary()
    {
        var isNegative = false;
        while (Current.IsSymbol("-") || Current.IsSymbol("+"))
            isNegative ^= Take().Text == "-";
        var operand = Primary();
        return isNegative ? new SqlArithmetic('-', new SqlLiteral(0), operand) : operand;
    }

    private SqlNode Primary()
    {
        if (AcceptSymbol("("))
        {
            var inner = Predicate();
            ExpectSymbol(")");
            return inner;
        }

        return Current.Kind switch
        {
            SqlTokenKind.Text => new SqlLiteral(Take().Text),
            SqlTokenKind.Number => Number(),
            SqlTokenKind.QuotedName => Property(),
            SqlTokenKind.Word => Word(),
            _ => throw Unexpected("a value"),
        };
    }

    private SqlNode Word()
    {
        if (AcceptWord("TRUE"))
            return new SqlLiteral(true);
        if (AcceptWord("FALSE"))
            return new SqlLiteral(false);
        if (AcceptWord("NULL"))
            return new SqlLiteral(null);
        if (!_tokens[_position + 1].IsSymbol("("))
            return Property();
        if (AcceptWord("EXISTS"))
            return new SqlNot(new SqlIsNull(InParentheses(Property)));
        if (AcceptWord("NEWID"))
            return InParentheses<SqlNode>(() => new SqlNewId());
        if (AcceptWord("PROPERTY") || AcceptWord("P"))
            return InParentheses(() => new SqlProperty(Take().Text, false));
        throw Unexpected("one of the functions EXISTS, NEWID, PROPERTY");
    }

    private T InParentheses<T>(Func<T> inner)
        where T : SqlNode
    {
        ExpectSymbol("(");
        var node = inner();
        ExpectSymbol(")");
        return node;
    }

    private SqlProperty Property()
    {
        if (Current.Kind is not (SqlTokenKind.Word or SqlTokenKind.QuotedName))
            throw Unexpected("the name of a property");
        var first = Take();
        if (!Current.IsSymbol("."))
            return new SqlProperty(first.Text, false);
        Take();
        var name = Take();
        if (first.IsWord("user"))
            return new SqlProperty(name.Text, false);
        if (!first.IsWord("sys"))
            throw new SqlSyntaxException($"'{first.Text}' is not a scope; the scopes are sys and user", first.Position);
        return SqlProperty.IsKnownSystemName(name.Text)
            ? new SqlProperty(name.Text, true)
            : throw new SqlSyntaxException(
                $"'{name.Text}' is not a system property; they are {SqlProperty.SystemNames}", name.Position);
    }

    private SqlProperty Writable(SqlProperty property) => property.IsWritable
        ? property
        : throw new SqlSyntaxException($"The system property '{property.Name}' cannot be changed", Current.Position);

    private SqlLiteral Number()
    {
        var token = Take();
        if (long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole))
            return new SqlLiteral(whole);
        if (!token.Text.Contains('e', StringComparison.OrdinalIgnoreCase)
            && decimal.TryParse(token.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var exact))
        {
            return new SqlLiteral(exact);
        }

        return double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var approximate)
            ? new SqlLiteral(approximate)
            : throw new SqlSyntaxException($"'{token.Text}' is not a number", token.Position);
    }

    private static SqlNode Negated(bool isNegated, SqlNode node) => isNegated ? new SqlNot(node) : node;

    private SqlToken Take() => Current.Kind == SqlTokenKind.End ? throw Unexpected("more") : _tokens[_position++];

    private bool AcceptWord(string word) => Accept(Current.IsWord(word));

    private bool AcceptSymbol(string symbol) => Accept(Current.IsSymbol(symbol));

    private bool Accept(bool isThere)
    {
        _position += isThere ? 1 : 0;
        return isThere;
    }

    private void ExpectWord(string word)
    {
        if (!AcceptWord(word))
            throw Unexpected(word);
    }

    private void ExpectSymbol(string symbol)
    {
        if (!AcceptSymbol(symbol))
            throw Unexpected($"'{symbol}'");
    }

    private SqlSyntaxException Unexpected(string wanted) => new(
        Current.Kind == SqlTokenKind.End
            ? $"The text ends where {wanted} is expected"
            : $"'{Current.Text}' stands where {wanted} is expected",
        Current.Position);
}
