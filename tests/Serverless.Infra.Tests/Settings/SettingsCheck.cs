using System.Text.RegularExpressions;
using Serverless.Infra.Tests.Bicep;

namespace Serverless.Infra.Tests.Settings;

/// <summary>Holds what the code reads against what Bicep writes.</summary>
internal static partial class SettingsCheck
{
    /// <summary>Everything that is wrong, in words.</summary>
    public static IReadOnlyList<string> Faults(Snapshot snapshot, IReadOnlySet<string> read, SettingsLists lists)
    {
        var written = new[] { "worker", "gateway" }.SelectMany(app => snapshot.SettingsOf(app).Keys).Select(Normalize)
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. written.Where(name => !read.Contains(name) && !lists.ReadByOthers.ContainsKey(name))
                .Select(name => $"Bicep writes {name}, which nothing reads."),
            .. read.Where(name => !written.Contains(name) && !lists.LeftAtDefault.ContainsKey(name))
                .Select(name => $"The code reads {name}, which Bicep does not write; settings.json does not say why."),
            .. lists.LeftAtDefault.Keys.Where(written.Contains)
                .Select(name => $"settings.json leaves {name} at its default, but Bicep writes it."),
            .. lists.ReadByOthers.Keys.Where(name => !written.Contains(name))
                .Select(name => $"settings.json explains {name}, but Bicep does not write it."),
            .. Misplaced(snapshot, "worker", "Gateway__"),
            .. Misplaced(snapshot, "gateway", "Worker__"),
        ];
    }

    public static string Normalize(string name) => Number().Replace(name, "__N");

    private static IEnumerable<string> Misplaced(Snapshot snapshot, string app, string prefix) =>
        snapshot.SettingsOf(app).Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => $"Bicep gives {name} to the {app}.");

    [GeneratedRegex("__[0-9]+(?=__|$)")]
    private static partial Regex Number();
}
