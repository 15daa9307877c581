namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>The variable <c>loop</c>.</summary>
internal sealed class LoopState(IReadOnlyList<object?> items, int index)
{
    public object? Get(string name) => name switch
    {
        "index" => index + 1L,
        "index0" => (long)index,
        "revindex" => (long)(items.Count - index),
        "revindex0" => items.Count - index - 1L,
        "first" => index == 0,
        "last" => index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => index > 0 ? items[index - 1] : new Undefined("loop.previtem"),
        "nextitem" => index < items.Count - 1 ? items[index + 1] : new Undefined("loop.nextitem"),
        _ => throw new TemplateException($"loop.{name} is not supported"),
    };
}
