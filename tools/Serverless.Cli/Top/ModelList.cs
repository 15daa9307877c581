using System.Text.Json;

namespace Serverless.Cli.Top;

/// <summary>What the gateway says of models without asking a replica.</summary>
/// <param name="IsAwake">Whether a replica answered lately.</param>
/// <param name="Models">The models of the store.</param>
internal sealed record ModelList(bool IsAwake, IReadOnlyList<ModelRow> Models)
{
    public static ModelList Read(JsonElement list) => new(
        list.GetProperty("awake").GetBoolean(),
        [.. list.GetProperty("data").EnumerateArray().Select(model => new ModelRow(model.GetProperty("id").GetString()!, model.GetProperty("version").GetInt32()))]);
}
