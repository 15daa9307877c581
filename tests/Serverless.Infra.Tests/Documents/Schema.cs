using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Serverless.Infra.Tests.Documents;

/// <summary>A JSON schema out of the source tree.</summary>
internal sealed class Schema(string file)
{
    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    private readonly JsonSchema _schema = JsonSchema.FromText(Tree.Read(file), new BuildOptions { SchemaRegistry = new SchemaRegistry() });

    /// <summary>What is wrong with <paramref name="document"/>, where.</summary>
    public IReadOnlyList<string> Faults(JsonNode document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        var result = _schema.Evaluate(parsed.RootElement, Options);
        return result.IsValid
            ? []
            : [.. (result.Details ?? []).Where(detail => detail.Errors is not null)
                .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))];
    }
}
