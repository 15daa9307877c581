using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary>Sums, products, and texts put together.</summary>
internal sealed class ArithmeticExpression(int line, string sign, Expression left, Expression right) : Expression(line)
{
    protected override object? Compute(Scope scope)
    {
        var (a, b) = (left.Evaluate(scope), right.Evaluate(scope));
        switch (a, sign, b)
        {
            case (_, "~", _):
                return Join(scope, TemplateValue.ToText(a), TemplateValue.ToText(b));
            case (TemplateText first, "+", TemplateText second):
                return Join(scope, first, second);
            case (List<object?> first, "+", List<object?> second):
                scope.Run.Steps(first.Count + second.Count);
                return (List<object?>)[.. first, .. second];
            case (TemplateText text, "*", long count):
                return Repeat(scope, text, count);
            case (bool or long, not "/", bool or long):
                return Whole((long)TemplateValue.ToNumber(a), (long)TemplateValue.ToNumber(b));
            case (bool or long or double, _, bool or long or double):
                return Fraction(TemplateValue.ToNumber(a), TemplateValue.ToNumber(b));
            default:
                throw new TemplateException($"'{sign}' does not work between {TemplateValue.KindOf(a)} and {TemplateValue.KindOf(b)}");
        }
    }

    private static TemplateText Join(Scope scope, TemplateText first, TemplateText second)
    {
        scope.Run.Characters(first.Length + second.Length);
        return new TemplateTextBuilder().Append(first).Append(second).ToText();
    }

    private static TemplateText Repeat(Scope scope, TemplateText text, long count)
    {
        var times = Math.Max(count, 0);
        if (text.Length > 0 && times > TemplateLimits.TextCharacters / text.Length)
            throw new TemplateException($"a text has more than {TemplateLimits.TextCharacters} characters");
        scope.Run.Characters(text.Length * (int)Math.Min(times, TemplateLimits.TextCharacters));
        var builder = new TemplateTextBuilder();
        for (var done = 0; done < times && text.Length > 0; done++)
            builder.Append(text);
        return builder.ToText();
    }

    private long Whole(long a, long b)
    {
        try
        {
            return checked(sign switch
            {
                "+" => a + b,
                "-" => a - b,
                "*" => a * b,
                // As Python does, towards the smaller number.
                "%" => a - (b * FloorDivide(a, b)),
                _ => FloorDivide(a, b),
            });
        }
        catch (Exception error) when (error is OverflowException or DivideByZeroException)
        {
            throw new TemplateException($"{a} {sign} {b} has no result");
        }
    }

    private static long FloorDivide(long a, long b) => (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);

    private double Fraction(double a, double b) => sign switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        _ when b == 0 => throw new TemplateException("a number is divided by zero"),
        "/" => a / b,
        "%" => a - (b * Math.Floor(a / b)),
        _ => Math.Floor(a / b),
    };
}
