using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

/// <summary>What stands after <c>is</c>.</summary>
internal static class Tests
{
    private static readonly Dictionary<string, Test> All = new()
    {
        ["defined"] = (value, _) => value is not Undefined,
        ["undefined"] = (value, _) => value is Undefined,
        ["none"] = (value, _) => value is null,
        ["string"] = (value, _) => value is TemplateText,
        ["mapping"] = (value, _) => value is TemplateMap,
        ["iterable"] = (value, _) => value is TemplateText or List<object?> or TemplateMap or Undefined,
        ["sequence"] = (value, _) => value is TemplateText or List<object?> or TemplateMap or Undefined,
        ["number"] = (value, _) => value is long or double or bool,
        ["integer"] = (value, _) => value is long,
        ["float"] = (value, _) => value is double,
        ["boolean"] = (value, _) => value is bool,
        ["true"] = (value, _) => value is true,
        ["false"] = (value, _) => value is false,
        ["callable"] = (value, _) => value is TemplateFunction,
        ["odd"] = (value, _) => Whole(value) % 2 != 0,
        ["even"] = (value, _) => Whole(value) % 2 == 0,
        ["divisibleby"] = (value, arguments) => Whole(value) % NotZero(Whole(arguments.Get(0, "num"))) == 0,
        ["equalto"] = Equal,
        ["eq"] = Equal,
        ["sameas"] = Equal,
        ["ne"] = (value, arguments) => !Equal(value, arguments),
        ["in"] = (value, arguments) => TemplateValue.Contains(arguments.Get(0, "seq"), value),
    };

    public static bool Has(string name) => All.ContainsKey(name);

    /// <exception cref="TemplateException">There is none of that name.</exception>
    public static Test Find(string name) =>
        All.TryGetValue(name, out var test) ? test : throw new TemplateException($"the test '{name}' is not supported");

    private static bool Equal(object? value, Arguments arguments) => TemplateValue.AreEqual(value, arguments.Get(0, "other"));

    private static long Whole(object? value) =>
        value is long number ? number : throw new TemplateException($"a whole number was expected, not {TemplateValue.KindOf(value)}");

    // Minus one would overflow on the smallest number, and divides what one does.
    private static long NotZero(long number) => number switch
    {
        0 => throw new TemplateException("nothing is divisible by zero"),
        -1 => 1,
        _ => number,
    };
}
