using System.Globalization;

namespace Serverless.FunctionsHost.Settings;

/// <summary>Everything that is fixed once the app's folder is known.</summary>
internal sealed record HostSettings(
    string AppDirectory, HostJson HostJson, IReadOnlyDictionary<string, string> LocalValues, AppSettings App, long RequestBodySizeLimit)
{
    public const string BodyLimitName = "FUNCTIONS_REQUEST_BODY_SIZE_LIMIT";

    // The Functions host's own default.
    public const long DefaultBodyLimit = 104_857_600;

    public static HostSettings Read(string? app)
    {
        if (string.IsNullOrEmpty(app))
            throw new HostConfigurationException("--app DIR is required: the build output of an isolated worker app.");
        var directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(app));
        var hostJson = Path.Combine(directory, "host.json");
        if (!File.Exists(hostJson))
            throw new HostConfigurationException($"{directory} holds no host.json: --app must name a build output.");
        var local = LocalSettings.Read(Path.Combine(directory, "local.settings.json"));
        var settings = AppSettings.From(local);
        return new HostSettings(directory, HostJson.Read(hostJson), local, settings, ReadBodyLimit(settings[BodyLimitName]));
    }

    private static long ReadBodyLimit(string? text)
    {
        if (string.IsNullOrEmpty(text)) return DefaultBodyLimit;
        return long.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit > 0
            ? limit
            : throw new HostConfigurationException($"{BodyLimitName} must be a number of bytes above 0, not \"{text}\".");
    }
}
