using System.Reflection;
using System.Text.RegularExpressions;

namespace Serverless.Infra.Tests.Settings;

/// <summary>
/// The settings that the code reads, found in the code: constants of Contracts, properties of options with a section, and what is indexed
/// out of the configuration by name. Numbers in names are written N.
/// </summary>
internal static partial class ReadSettings
{
    private static readonly Dictionary<string, string> Constants =
        typeof(Contracts.Configuration.Settings).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => (string)field.GetRawConstantValue()!);

    public static IReadOnlySet<string> Find()
    {
        var found = Options("Serverless.Worker").Concat(Options("Serverless.Gateway")).Concat(Indexed()).ToHashSet(StringComparer.Ordinal);
        // A constant that is only the beginning of other names is no setting by itself, unless it is read as it stands.
        found.UnionWith(Constants.Values.Where(name => !found.Any(other => other.StartsWith(name + "__", StringComparison.Ordinal))));
        return found;
    }

    private static IEnumerable<string> Options(string assembly)
    {
        foreach (var type in Assembly.Load(assembly).GetTypes())
        {
            if (type.GetField("Section")?.GetRawConstantValue() is string section)
            {
                foreach (var name in Properties(type, section.Replace(":", "__", StringComparison.Ordinal)))
                    yield return name;
            }
        }
    }

    private static IEnumerable<string> Properties(Type type, string prefix)
    {
        foreach (var property in type.GetProperties())
        {
            var name = $"{prefix}__{property.Name}";
            var element = ElementOf(property.PropertyType);
            // A list without a setter is filled in place; anything else without one is computed.
            if (element is null && property.CanWrite)
                yield return name;
            else if (element is null)
                continue;
            else if (element == typeof(string) || element.IsValueType)
                yield return name + "__N";
            else
            {
                foreach (var inner in Properties(element, name + "__N"))
                    yield return inner;
            }
        }
    }

    private static Type? ElementOf(Type type) =>
        type.GetInterfaces().Append(type)
            .FirstOrDefault(candidate => candidate.IsGenericType
                && candidate.GetGenericTypeDefinition() == typeof(ICollection<>))?.GetGenericArguments()[0];

    private static IEnumerable<string> Indexed() =>
        from folder in new[] { "functions", "shared" }
        from file in Directory.EnumerateFiles(Tree.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
        from Match match in Index().Matches(File.ReadAllText(file))
        let constant = match.Groups["constant"].Value
        let rest = match.Groups["rest"].Value.Replace(":", "__", StringComparison.Ordinal)
        select constant.Length == 0 ? rest : Constants[constant] + rest;

    // configuration["S3:serviceUrl"], configuration[Settings.Storage], configuration[$"{Settings.Storage}:clientId"]
    [GeneratedRegex("""[cC]onfiguration\[(?:\$?"(?:\{Settings\.(?<constant>\w+)\})?(?<rest>[\w:]+)"|Settings\.(?<constant>\w+))\]""")]
    private static partial Regex Index();
}
