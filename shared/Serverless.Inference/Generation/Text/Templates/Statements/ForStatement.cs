using Serverless.Inference.Generation.Text.Templates.Expressions;
using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Statements;

/// <summary><c>for names in items if condition</c>, with its <c>else</c> for no items.</summary>
internal sealed class ForStatement(
    int line, IReadOnlyList<string> names, Expression items, Expression? condition, Block body, Block? otherwise) : Statement(line)
{
    protected override Flow Run(Scope scope, TemplateTextBuilder output)
    {
        var all = TemplateValue.Elements(items.Evaluate(scope));
        if (condition is not null)
            all = all.FindAll(item => TemplateValue.IsTrue(condition.Evaluate(With(scope, item))));
        for (var i = 0; i < all.Count; i++)
        {
            var round = With(scope, all[i]);
            round.Set("loop", new LoopState(all, i));
            scope.Run.Steps(1);
            if (body.Execute(round, output) == Flow.Break)
                return Flow.Next;
        }

        return all.Count == 0 && otherwise is not null ? otherwise.Execute(scope, output) : Flow.Next;
    }

    private Scope With(Scope scope, object? item)
    {
        var round = scope.Inner();
        if (names.Count == 1)
        {
            round.Set(names[0], item);
            return round;
        }

        if (item is not List<object?> values || values.Count != names.Count)
            throw new TemplateException($"{TemplateValue.KindOf(item)} cannot be taken apart into {string.Join(", ", names)}");
        foreach (var (name, value) in names.Zip(values))
            round.Set(name, value);
        return round;
    }
}
