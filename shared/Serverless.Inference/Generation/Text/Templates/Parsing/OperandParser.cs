using System.Globalization;
using System.Text;
using Serverless.Inference.Generation.Text.Templates.Expressions;
using Serverless.Inference.Generation.Text.Templates.Library;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Parsing;

/// <summary>Literals, names and what is in brackets, with the accesses, calls, filters and tests that follow them.</summary>
internal sealed class OperandParser(TokenReader reader, ExpressionParser expressions)
{
    public Expression Parse() => Filtered(Signed());

    /// <summary>A sign binds more than a filter after it.</summary>
    private Expression Signed()
    {
        if (!reader.IsOperator("-") && !reader.IsOperator("+"))
            return Accessed(Primary());
        var sign = reader.Take();
        return new ArithmeticExpression(sign.Line, sign.Value, new LiteralExpression(sign.Line, 0L), reader.Nested(Signed));
    }

    private Expression Primary()
    {
        var token = reader.Take();
        return token.Kind switch
        {
            TemplateTokenKind.Name => Named(token),
            TemplateTokenKind.String => Literal(token, TemplateText.Of(Strings(token.Value))),
            TemplateTokenKind.Integer => Literal(token, long.TryParse(token.Value, CultureInfo.InvariantCulture, out var whole)
                ? whole
                : throw new TemplateException(token.Line, $"{token.Value} is too large")),
            TemplateTokenKind.Float => Literal(token, double.Parse(token.Value, CultureInfo.InvariantCulture)),
            TemplateTokenKind.Operator when token.Value == "(" => Parenthesized(token.Line),
            TemplateTokenKind.Operator when token.Value == "[" => new ListExpression(token.Line, Items("]", [])),
            TemplateTokenKind.Operator when token.Value == "{" => Map(token.Line),
            _ => throw new TemplateException(token.Line, $"a value was expected, not '{token.Value}'"),
        };
    }

    private static LiteralExpression Literal(TemplateToken token, object? value) => new(token.Line, value);

    private static Expression Named(TemplateToken token) => token.Value switch
    {
        "true" or "True" => Literal(token, true),
        "false" or "False" => Literal(token, false),
        "none" or "None" => Literal(token, null),
        "if" or "else" or "and" or "or" or "in" or "is" => throw new TemplateException(token.Line, $"a value was expected, not '{token.Value}'"),
        _ => new NameExpression(token.Line, token.Value),
    };

    private string Strings(string first)
    {
        var all = new StringBuilder(first);
        while (reader.Current.Kind == TemplateTokenKind.String)
            all.Append(reader.Take().Value);
        return all.ToString();
    }

    private Expression Parenthesized(int line)
    {
        if (reader.TakeOperator(")"))
            return new ListExpression(line, []);
        var first = expressions.Parse();
        if (reader.TakeOperator(")"))
            return first;
        reader.ExpectOperator(",");
        return new ListExpression(line, Items(")", [first]));
    }

    private List<Expression> Items(string close, List<Expression> items)
    {
        while (!reader.TakeOperator(close))
        {
            items.Add(expressions.Parse());
            if (!reader.IsOperator(close))
                reader.ExpectOperator(",");
        }

        return items;
    }

    private MapExpression Map(int line)
    {
        var entries = new List<(Expression, Expression)>();
        while (!reader.TakeOperator("}"))
        {
            var key = expressions.Parse();
            reader.ExpectOperator(":");
            entries.Add((key, expressions.Parse()));
            if (!reader.IsOperator("}"))
                reader.ExpectOperator(",");
        }

        return new MapExpression(line, entries);
    }

    private Expression Accessed(Expression target)
    {
        while (true)
        {
            var line = reader.Line;
            if (reader.TakeOperator("."))
            {
                var name = reader.Expect(TemplateTokenKind.Name, "a name").Value;
                target = new ElementExpression(line, target, new LiteralExpression(line, TemplateText.Of(name))) { Member = name };
            }
            else if (reader.TakeOperator("["))
            {
                target = Bracketed(line, target);
            }
            else if (reader.TakeOperator("("))
            {
                target = new CallExpression(line, target, Arguments());
            }
            else
            {
                return target;
            }

            reader.Link();
        }
    }

    private Expression Bracketed(int line, Expression target)
    {
        var bounds = new Expression?[3];
        var count = 0;
        while (true)
        {
            if (!reader.IsOperator(":") && !reader.IsOperator("]"))
                bounds[count] = expressions.Parse();
            if (count == 2 || !reader.TakeOperator(":"))
                break;
            count++;
        }

        reader.ExpectOperator("]");
        return count > 0
            ? new SliceExpression(line, target, bounds[0], bounds[1], bounds[2])
            : new ElementExpression(line, target, bounds[0] ?? throw new TemplateException(line, "an index is missing"));
    }

    private Expression Filtered(Expression target)
    {
        while (true)
        {
            var line = reader.Line;
            if (reader.TakeOperator("|"))
            {
                var name = reader.Expect(TemplateTokenKind.Name, "a filter's name").Value;
                Known(line, name, Filters.Has(name), "filter");
                target = new FilterExpression(line, target, name, reader.TakeOperator("(") ? Arguments() : ArgumentList.Empty);
            }
            else if (reader.TakeName("is"))
            {
                target = Test(line, target);
            }
            else
            {
                return target;
            }

            reader.Link();
        }
    }

    private Expression Test(int line, Expression target)
    {
        var isNot = reader.TakeName("not");
        var name = reader.Expect(TemplateTokenKind.Name, "a test's name").Value;
        Known(line, name, Tests.Has(name), "test");
        var arguments = reader.TakeOperator("(") ? Arguments()
            : TakesOperand() ? new ArgumentList([Accessed(Primary())], [])
            : ArgumentList.Empty;
        var test = new TestExpression(line, target, name, arguments);
        return isNot ? new NotExpression(line, test) : test;
    }

    private bool TakesOperand() => reader.Current.Kind switch
    {
        TemplateTokenKind.String or TemplateTokenKind.Integer or TemplateTokenKind.Float => true,
        TemplateTokenKind.Name => reader.Current.Value is not ("and" or "or" or "not" or "if" or "else" or "is" or "in"),
        _ => reader.IsOperator("[") || reader.IsOperator("{"),
    };

    private ArgumentList Arguments()
    {
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        while (!reader.TakeOperator(")"))
        {
            if (reader.Current.Kind == TemplateTokenKind.Name && reader.Following is { Kind: TemplateTokenKind.Operator, Value: "=" })
            {
                var name = reader.Take().Value;
                reader.Take();
                if (named.Exists(argument => argument.Item1 == name))
                    throw new TemplateException(reader.Line, $"the argument '{name}' is given twice");
                named.Add((name, expressions.Parse()));
            }
            else
            {
                positional.Add(expressions.Parse());
            }

            if (!reader.IsOperator(")"))
                reader.ExpectOperator(",");
        }

        return new ArgumentList(positional, named);
    }

    private static void Known(int line, string name, bool isKnown, string what)
    {
        if (!isKnown)
            throw new TemplateException(line, $"the {what} '{name}' is not supported");
    }
}
