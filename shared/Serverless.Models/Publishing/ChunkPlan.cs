using Serverless.Models.Codecs;
using Serverless.Models.Manifest;

namespace Serverless.Models.Publishing;

/// <summary>
/// Cuts weights into chunks. Cuts fall between tensors wherever possible, so that a tensor that stays the same from one version to the next
/// tends to stay within the same chunk, which is then stored once.
/// </summary>
internal static class ChunkPlan
{
    /// <summary>One request for each chunk: what it costs is lost in the transfer from about 8 MiB on.</summary>
    public const int TargetBytes = 8 << 20;

    /// <summary>Plans the chunks of weights of <paramref name="size"/> bytes.</summary>
    public static IReadOnlyList<PlannedChunk> Make(IReadOnlyList<WeightTensor> tensors, long size, LossyCodec lossy)
    {
        var plan = new List<PlannedChunk>();
        var open = new OpenChunk(0, false, false);
        foreach (var (begin, end, tensor) in Spans(tensors, size))
        {
            var mayLose = lossy != LossyCodec.None && tensor is not null && WeightLayout.IsLargeFloat(tensor);
            var lookup = tensor is { Lookup: true };
            if (open.Size > 0 && (mayLose != open.MayLose || lookup != open.Lookup || end - open.Offset > TargetBytes))
            {
                plan.Add(open.Close());
                open = new OpenChunk(begin, mayLose, lookup);
            }

            (open.MayLose, open.Lookup) = (mayLose, lookup);
            var elementSize = tensor is null ? 1 : ElementTypes.SizeOf(tensor.ElementType) ?? 1;
            for (var at = begin; at < end;)
            {
                var piece = (int)Math.Min(end - at, TargetBytes - open.Size);
                open.Take(piece, elementSize);
                at += piece;
                if (at == end)
                    break;
                plan.Add(open.Close());
                open = new OpenChunk(at, mayLose, lookup);
            }
        }

        if (open.Size > 0)
            plan.Add(open.Close());
        return plan;
    }

    // Every byte belongs to a span: a tensor's goes on to the next tensor, the first one's begins at zero.
    private static IEnumerable<(long Begin, long End, WeightTensor? Tensor)> Spans(IReadOnlyList<WeightTensor> tensors, long size)
    {
        if (tensors.Count == 0)
            yield return (0, size, null);
        for (var i = 0; i < tensors.Count; i++)
            yield return (i == 0 ? 0 : tensors[i].Offset, i + 1 < tensors.Count ? tensors[i + 1].Offset : size, tensors[i]);
    }

    private sealed class OpenChunk(long offset, bool mayLose, bool lookup)
    {
        private readonly Dictionary<int, long> _bytesByElementSize = [];

        public long Offset { get; } = offset;

        public bool MayLose { get; set; } = mayLose;

        public bool Lookup { get; set; } = lookup;

        public int Size { get; private set; }

        public void Take(int bytes, int elementSize)
        {
            Size += bytes;
            _bytesByElementSize[elementSize] = _bytesByElementSize.GetValueOrDefault(elementSize) + bytes;
        }

        public PlannedChunk Close() => new(Offset, Size, _bytesByElementSize.MaxBy(entry => entry.Value).Key, MayLose);
    }
}
