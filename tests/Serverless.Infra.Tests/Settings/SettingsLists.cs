using System.Text.Json;

namespace Serverless.Infra.Tests.Settings;

/// <summary>The two lists of exceptions, in settings.json beside this file.</summary>
internal sealed record SettingsLists(IReadOnlyDictionary<string, string> LeftAtDefault, IReadOnlyDictionary<string, string> ReadByOthers)
{
    private static readonly JsonSerializerOptions Options =
        new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip };

    public static SettingsLists Read() =>
        JsonSerializer.Deserialize<SettingsLists>(Tree.Read("tests/Serverless.Infra.Tests/Settings/settings.json"), Options)!;
}
