namespace Serverless.Models.Manifest;

/// <summary>What must hold of the weights of a package.</summary>
internal static class WeightRules
{
    /// <summary>The largest chunk in bytes: what a load holds in memory for each read in flight.</summary>
    public const long MaxChunkBytes = 16 << 20;

    /// <summary>The most chunks and the most tensors of a package.</summary>
    public const int MaxEntries = 100_000;

    public static string? FindFault(ModelManifest manifest)
    {
        if (manifest.Chunks.Count > MaxEntries || manifest.Weights.Count > MaxEntries)
            return $"it lists {manifest.Chunks.Count} chunks and {manifest.Weights.Count} tensors where up to {MaxEntries} are allowed";
        return FindChunkFault(manifest.Chunks) ?? FindTensorFault(manifest.Weights, manifest.WeightsSize);
    }

    /// <summary>The first rule that the tensors break, or null.</summary>
    public static string? FindTensorFault(IReadOnlyList<WeightTensor> tensors, long size)
    {
        long end = 0;
        foreach (var tensor in tensors)
        {
            if (tensor.Offset % WeightTensor.Alignment != 0)
                return $"tensor '{tensor.Name}' begins at {tensor.Offset}, which is not a multiple of {WeightTensor.Alignment}";
            if (tensor.Length < 0 || tensor.Offset < end || tensor.Offset > size || tensor.Length > size - tensor.Offset)
                return $"tensor '{tensor.Name}' overlaps the one before, or ends beyond the {size} bytes of the weights";
            if (ElementTypes.FindFault(tensor) is { } fault)
                return fault;
            end = tensor.Offset + tensor.Length;
        }

        return tensors.DistinctBy(tensor => tensor.Name, StringComparer.Ordinal).Count() == tensors.Count
            ? null
            : "two tensors have the same name";
    }

    private static string? FindChunkFault(IReadOnlyList<WeightChunk> chunks)
    {
        long end = 0;
        for (var i = 0; i < chunks.Count; i++)
        {
            var chunk = chunks[i];
            if (chunk.Offset != end || chunk.Offset % WeightTensor.Alignment != 0)
                return $"chunk {i} begins at {chunk.Offset} where {end}, a multiple of {WeightTensor.Alignment}, was due";
            if (chunk.Size == 0 || ContentRules.FindFault(chunk, $"chunk {i}", MaxChunkBytes) is not null)
                return ContentRules.FindFault(chunk, $"chunk {i}", MaxChunkBytes) ?? $"chunk {i} is empty";
            end += chunk.Size;
        }

        return null;
    }
}
