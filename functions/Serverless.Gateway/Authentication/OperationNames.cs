namespace Serverless.Gateway.Authentication;

/// <summary>What operations are called on the wire and in tables.</summary>
internal static class OperationNames
{
    private static readonly (string Name, Operations Operation)[] Names =
        [("read", Operations.Read), ("infer", Operations.Infer), ("write", Operations.Write), ("admin", Operations.Admin)];

    /// <summary>The names that are known, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Names.Select(pair => pair.Name));

    public static IEnumerable<string> Of(Operations operations) =>
        Names.Where(pair => operations.HasFlag(pair.Operation)).Select(pair => pair.Name);

    /// <summary>The operations of <paramref name="names"/>; <see cref="Operations.None"/> when one is not known.</summary>
    public static Operations Parse(IEnumerable<string> names)
    {
        var all = Operations.None;
        foreach (var name in names)
        {
            var found = Array.Find(Names, pair => pair.Name == name).Operation;
            if (found == Operations.None)
                return Operations.None;
            all |= found;
        }

        return all;
    }
}
