using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary>Two values compared.</summary>
internal sealed class ComparisonExpression(int line, string comparison, Expression left, Expression right) : Expression(line)
{
    protected override object Compute(Scope scope)
    {
        var (a, b) = (left.Evaluate(scope), right.Evaluate(scope));
        return comparison switch
        {
            "==" => TemplateValue.AreEqual(a, b),
            "!=" => !TemplateValue.AreEqual(a, b),
            "<" => TemplateValue.Compare(a, b) < 0,
            "<=" => TemplateValue.Compare(a, b) <= 0,
            ">" => TemplateValue.Compare(a, b) > 0,
            ">=" => TemplateValue.Compare(a, b) >= 0,
            "in" => TemplateValue.Contains(b, a),
            _ => !TemplateValue.Contains(b, a),
        };
    }
}
