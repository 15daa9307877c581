namespace Serverless.Telemetry.Prometheus;

/// <summary>The tags of a measurement, in the order given, with the labels they are written as.</summary>
internal sealed class TagSet
{
    private readonly KeyValuePair<string, object?>[] _tags;

    private TagSet(KeyValuePair<string, object?>[] tags)
    {
        _tags = tags;
        Labels = PrometheusText.Labels(tags);
    }

    /// <summary>Finds a set by a span of tags, so that recording allocates nothing.</summary>
    public static IEqualityComparer<TagSet> Comparer { get; } = new TagComparer();

    public string Labels { get; }

    public static TagSet Copy(ReadOnlySpan<KeyValuePair<string, object?>> tags) => new(tags.ToArray());

    private sealed class TagComparer
        : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<KeyValuePair<string, object?>>, TagSet>
    {
        public bool Equals(TagSet? left, TagSet? right) =>
            ReferenceEquals(left, right) || (left is not null && right is not null && Equals(left._tags, right));

        public bool Equals(ReadOnlySpan<KeyValuePair<string, object?>> tags, TagSet other)
        {
            if (tags.Length != other._tags.Length)
                return false;
            for (var i = 0; i < tags.Length; i++)
            {
                if (tags[i].Key != other._tags[i].Key || !Equals(tags[i].Value, other._tags[i].Value))
                    return false;
            }

            return true;
        }

        public int GetHashCode(TagSet set) => GetHashCode(set._tags);

        public int GetHashCode(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var hash = default(HashCode);
            foreach (var tag in tags)
            {
                hash.Add(tag.Key);
                hash.Add(tag.Value);
            }

            return hash.ToHashCode();
        }

        public TagSet Create(ReadOnlySpan<KeyValuePair<string, object?>> tags) => Copy(tags);
    }
}
