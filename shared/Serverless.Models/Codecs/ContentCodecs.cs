namespace Serverless.Models.Codecs;

/// <summary>Finds codecs by name.</summary>
internal static class ContentCodecs
{
    private static readonly Dictionary<string, IContentCodec> All = new IContentCodec[]
    {
        new StoreCodec(), new ZstdCodec(), new ShuffleZstdCodec(2), new ShuffleZstdCodec(4), new ShuffleNibbleCodec(), new Fp16Codec(),
        new Bf16Codec(), new Int8BlockCodec(),
    }.ToDictionary(codec => codec.Name, StringComparer.Ordinal);

    /// <exception cref="ArgumentException">There is no such codec.</exception>
    public static IContentCodec Get(string name) => All.TryGetValue(name, out var codec)
        ? codec
        : throw new ArgumentException($"There is no codec '{name}': those known are {string.Join(", ", PackageCodecs.All)}.", nameof(name));
}
