using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Expressions;

/// <summary>What stands between the parentheses of a call.</summary>
internal sealed record ArgumentList(IReadOnlyList<Expression> Positional, IReadOnlyList<(string Name, Expression Value)> Named)
{
    public static ArgumentList Empty { get; } = new([], []);

    public Arguments Evaluate(Scope scope) => this == Empty
        ? Arguments.None
        : new Arguments(
            [.. Positional.Select(argument => argument.Evaluate(scope))],
            Named.ToDictionary(argument => argument.Name, argument => argument.Value.Evaluate(scope)));
}
