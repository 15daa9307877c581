using Serverless.Inference.Generation.Text.Templates.Expressions;
using Serverless.Inference.Generation.Text.Templates.Statements;

namespace Serverless.Inference.Generation.Text.Templates.Parsing;

/// <summary>Text, outputs and blocks.</summary>
internal sealed class StatementParser
{
    private readonly TokenReader _reader;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private StatementParser(IReadOnlyList<TemplateToken> tokens)
    {
        _reader = new TokenReader(tokens);
        _expressions = new ExpressionParser(_reader);
    }

    /// <exception cref="TemplateException">The template is broken or uses what is not supported.</exception>
    public static Block Parse(IReadOnlyList<TemplateToken> tokens)
    {
        var parser = new StatementParser(tokens);
        var block = parser.ParseBlock();
        return parser._reader.Current.Kind == TemplateTokenKind.End
            ? block
            : throw new TemplateException(parser._reader.Line, $"'{parser._reader.Following.Value}' has nothing to end");
    }

    /// <summary>Statements up to a block tag that ends or divides what they are in; that tag stays.</summary>
    private Block ParseBlock()
    {
        var statements = new List<Statement>();
        while (_reader.Current.Kind != TemplateTokenKind.End)
        {
            var token = _reader.Current;
            if (token.Kind == TemplateTokenKind.BlockStart && IsEnd(_reader.Following.Value))
                break;
            _reader.Take();
            if (token.Kind == TemplateTokenKind.Text)
                statements.Add(new TextStatement(token.Line, token.Value));
            else if (token.Kind == TemplateTokenKind.OutputStart)
                statements.Add(Output(token.Line));
            else if (_reader.Nested(Tag) is { } statement)
                statements.Add(statement);
        }

        return new Block(statements);
    }

    private static bool IsEnd(string name) =>
        name is "elif" or "else" || (name.StartsWith("end", StringComparison.Ordinal) && name != "endgeneration");

    private OutputStatement Output(int line)
    {
        var value = _expressions.ParseWhole();
        _reader.Expect(TemplateTokenKind.OutputEnd, "'}}'");
        return new OutputStatement(line, value);
    }

    private Statement? Tag()
    {
        var (line, name) = (_reader.Line, _reader.Expect(TemplateTokenKind.Name, "a block's name").Value);
        switch (name)
        {
            case "if":
                return If(line);
            case "for":
                return For(line);
            case "set":
                return Set(line);
            case "macro":
                return Macro(line);
            case "break" or "continue" when _loops > 0:
                Close();
                return new JumpStatement(line, name == "break" ? Flow.Break : Flow.Continue);
            case "generation" or "endgeneration":
                // Marks what a model is trained on; it means nothing here.
                Close();
                return null;
            default:
                throw new TemplateException(line, $"the block '{name}' is not supported here");
        }
    }

    private IfStatement If(int line)
    {
        var branches = new List<(Expression?, Block)>();
        var condition = _expressions.ParseWhole();
        while (true)
        {
            Close();
            branches.Add((condition, ParseBlock()));
            var tag = condition is null ? EndTag(line, "endif") : EndTag(line, "endif", "elif", "else");
            if (tag == "endif")
                break;
            condition = tag == "elif" ? _expressions.ParseWhole() : null;
        }

        Close();
        return new IfStatement(line, branches);
    }

    private ForStatement For(int line)
    {
        var names = new List<string>();
        do
            names.Add(_reader.Expect(TemplateTokenKind.Name, "a variable's name").Value);
        while (_reader.TakeOperator(","));
        if (!_reader.TakeName("in"))
            throw _reader.Unexpected("'in'");
        var items = _expressions.ParseWhole(withCondition: false);
        var condition = _reader.TakeName("if") ? _expressions.ParseWhole() : null;
        Close();
        _loops++;
        var body = ParseBlock();
        _loops--;
        Block? otherwise = null;
        if (EndTag(line, "endfor", "else") == "else")
        {
            Close();
            otherwise = ParseBlock();
            EndTag(line, "endfor");
        }

        Close();
        return new ForStatement(line, names, items, condition, body, otherwise);
    }

    private SetStatement Set(int line)
    {
        var name = _reader.Expect(TemplateTokenKind.Name, "a variable's name").Value;
        var member = _reader.TakeOperator(".") ? _reader.Expect(TemplateTokenKind.Name, "a name").Value : null;
        if (_reader.TakeOperator("="))
        {
            var value = _expressions.ParseWhole();
            Close();
            return new SetStatement(line, name, member, value.Evaluate);
        }

        Close();
        var block = ParseBlock();
        EndTag(line, "endset");
        Close();
        return new SetStatement(line, name, member, scope => block.Capture(scope.Inner()));
    }

    private MacroStatement Macro(int line)
    {
        var name = _reader.Expect(TemplateTokenKind.Name, "a macro's name").Value;
        var parameters = new List<(string, Expression?)>();
        _reader.ExpectOperator("(");
        while (!_reader.TakeOperator(")"))
        {
            var parameter = _reader.Expect(TemplateTokenKind.Name, "a parameter's name").Value;
            parameters.Add((parameter, _reader.TakeOperator("=") ? _expressions.ParseWhole() : null));
            if (!_reader.IsOperator(")"))
                _reader.ExpectOperator(",");
        }

        Close();
        // A loop around a macro is none of the macro's.
        var loops = _loops;
        _loops = 0;
        var body = ParseBlock();
        _loops = loops;
        EndTag(line, "endmacro");
        Close();
        return new MacroStatement(line, name, parameters, body);
    }

    private string EndTag(int line, params string[] allowed)
    {
        var start = _reader.Take();
        return start.Kind == TemplateTokenKind.BlockStart && allowed.Contains(_reader.Current.Value)
            ? _reader.Take().Value
            : throw new TemplateException(line, $"what begins here is not closed by '{allowed[0]}'");
    }

    private void Close() => _reader.Expect(TemplateTokenKind.BlockEnd, "'%}'");
}
