namespace Serverless.Models.Manifest;

/// <summary>What must hold of how a package generates text: sizes that a loader computes memory from.</summary>
internal static class DecoderRules
{
    private const int MaxLayers = 1024;
    private const int MaxHeads = 4096;
    private const int MaxTokens = 1 << 24;
    private const int MaxEndTokens = 256;

    public static string? FindFault(string? task, DecoderRecord? decoder)
    {
        if (decoder is null)
            return task == ModelTasks.TextGeneration ? $"a model for {ModelTasks.TextGeneration} must say how it generates ('decoder')" : null;
        return FindSizeFault("layers", decoder.Layers, MaxLayers)
            ?? FindSizeFault("keyValueHeads", decoder.KeyValueHeads, MaxHeads)
            ?? FindSizeFault("headSize", decoder.HeadSize, MaxHeads)
            ?? FindSizeFault("contextLength", decoder.ContextLength, MaxTokens)
            ?? FindSizeFault("logitsSize", decoder.LogitsSize, MaxTokens)
            ?? FindTokenFault(decoder);
    }

    private static string? FindSizeFault(string name, int value, int limit) =>
        value is > 0 && value <= limit ? null : $"the decoder's {name} must be 1 to {limit}, not {value}";

    private static string? FindTokenFault(DecoderRecord decoder)
    {
        if (decoder.EndTokens.Count > MaxEndTokens)
            return $"the decoder has {decoder.EndTokens.Count} end tokens where up to {MaxEndTokens} are allowed";
        var tokens = decoder.BeginToken is { } begin ? decoder.EndTokens.Prepend(begin) : decoder.EndTokens;
        return tokens.Any(token => token < 0 || token >= decoder.LogitsSize)
            ? $"a token of the decoder is outside its {decoder.LogitsSize} logits"
            : null;
    }
}
