using System.Reflection;

namespace Serverless.Worker.OpenInference;

/// <summary>Who answers, and which extensions of the protocol it has.</summary>
internal static class ServerMetadata
{
    public const string Name = "serverless-inference";

    public static string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0.0.0";

    public static IReadOnlyList<string> Extensions { get; } = ["binary_tensor_data", "model_repository", "statistics"];

    private static readonly string Body =
        $$"""{"name":"{{Name}}","version":"{{Version}}","extensions":[{{string.Join(',', Extensions.Select(name => $"\"{name}\""))}}]}""";

    public static IResult Get() => Results.Text(Body, "application/json");
}
