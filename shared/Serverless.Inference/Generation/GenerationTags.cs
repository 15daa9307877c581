using System.Diagnostics;
using Serverless.Inference.Diagnostics;

namespace Serverless.Inference.Generation;

/// <summary>The attributes of one model's measurements, made once: some are recorded with every token.</summary>
internal sealed class GenerationTags
{
    private readonly TagList[] _operations;

    /// <param name="model">The model's name.</param>
    /// <param name="version">The version's label.</param>
    public GenerationTags(string model, string version)
    {
        Own = new(InferenceTelemetry.Model, model);
        Vllm = new("model_name", model);
        _operations =
        [
            .. Enum.GetValues<GenerationOperation>().Select(operation => new TagList
            {
                { GenAiNames.Operation, GenAiNames.NameOf(operation) },
                { GenAiNames.ProviderName, GenAiNames.Provider },
                { GenAiNames.RequestModel, model },
                { GenAiNames.ResponseModel, $"{model}:{version}" },
            }),
        ];
    }

    /// <summary>Of the metrics that are ours.</summary>
    public KeyValuePair<string, object?> Own { get; }

    /// <summary>Of those under vLLM's names.</summary>
    public KeyValuePair<string, object?> Vllm { get; }

    /// <summary>Of those under OpenTelemetry's.</summary>
    public ref readonly TagList Of(GenerationOperation operation) => ref _operations[(int)operation];

    /// <summary>The same, of tokens.</summary>
    /// <param name="operation">What was asked for.</param>
    /// <param name="type"><c>input</c> or <c>output</c>.</param>
    public TagList Of(GenerationOperation operation, string type)
    {
        var tags = Of(operation);
        tags.Add(GenAiNames.TokenType, type);
        return tags;
    }
}
