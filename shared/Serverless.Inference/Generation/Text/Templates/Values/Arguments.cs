namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>What a function, filter or test is given.</summary>
/// <param name="Positional">In order.</param>
/// <param name="Named">By name.</param>
internal sealed record Arguments(IReadOnlyList<object?> Positional, IReadOnlyDictionary<string, object?> Named)
{
    public static Arguments None { get; } = new([], new Dictionary<string, object?>());

    public int Count => Positional.Count + Named.Count;

    /// <summary>The argument at a place or of a name; null where there is neither.</summary>
    public object? Get(int place, string name) =>
        place < Positional.Count ? Positional[place] : Named.GetValueOrDefault(name);

    /// <exception cref="TemplateException">It is no text.</exception>
    public TemplateText Text(int place, string name) => Get(place, name) as TemplateText
        ?? throw new TemplateException($"argument {place + 1} ('{name}') must be a text");

    /// <exception cref="TemplateException">It is neither left out nor a whole number.</exception>
    public int Number(int place, string name, int otherwise) => Get(place, name) switch
    {
        null => otherwise,
        long value and >= int.MinValue and <= int.MaxValue => (int)value,
        _ => throw new TemplateException($"argument {place + 1} ('{name}') must be a whole number"),
    };

    public Arguments Skip(int count) => this with { Positional = [.. Positional.Skip(count)] };
}
