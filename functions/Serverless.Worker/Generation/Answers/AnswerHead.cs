using System.Text.Json;
using Serverless.Worker.Costs;

namespace Serverless.Worker.Generation.Answers;

/// <summary>What an answer of OpenAI's API begins with, and every chunk of its stream alike.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">Its <c>object</c>.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Model">The model as the caller named it.</param>
/// <param name="Price">What the cost in its usage is reckoned by; null where it is not asked for.</param>
internal sealed record AnswerHead(string Id, string Kind, long Created, string Model, ReplicaPrice? Price)
{
    public static AnswerHead Create(string prefix, string kind, string model, AnswerSource source) =>
        new(prefix + Guid.NewGuid().ToString("N"), kind, source.Created.ToUnixTimeSeconds(), model, source.Price);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteString("id", Id);
        json.WriteString("object", Kind);
        json.WriteNumber("created", Created);
        json.WriteString("model", Model);
    }
}
