using System.Text.RegularExpressions;

namespace Serverless.FunctionsHost.Settings;

/// <summary>
/// The app's own settings: environment variables, then local.settings.json. <c>A__B</c> and <c>A:B</c> name the same setting.
/// </summary>
internal sealed partial class AppSettings(IConfiguration configuration)
{
    public string? this[string name] => configuration[name.Replace("__", ":", StringComparison.Ordinal)];

    public static AppSettings From(IReadOnlyDictionary<string, string> localValues) =>
        new(new ConfigurationBuilder()
            .AddInMemoryCollection(localValues.Select(
                v => KeyValuePair.Create(v.Key.Replace("__", ":", StringComparison.Ordinal), (string?)v.Value)))
            .AddEnvironmentVariables()
            .Build());

    /// <summary>Replaces each <c>%Name%</c> by the setting of that name.</summary>
    public string Substitute(string text) => Placeholder().Replace(text, match =>
        this[match.Groups[1].Value]
            ?? throw new HostConfigurationException($"The setting {match.Groups[1].Value}, named in \"{text}\", has no value."));

    /// <summary>
    /// The section of a storage connection: <c>AzureWebJobs{name}</c>, <c>{name}</c> or a connection string of that name, whichever
    /// exists, in that order.
    /// </summary>
    public IConfigurationSection? Connection(string name) =>
        new[] { $"AzureWebJobs{name}", name, $"ConnectionStrings:{name}" }.Select(configuration.GetSection).FirstOrDefault(s => s.Exists());

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Placeholder();
}
