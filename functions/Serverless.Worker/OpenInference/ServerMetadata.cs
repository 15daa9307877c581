using System.Reflection;

namespace Serverless.Worker.OpenInference;

/// <summary>Who answers, and which extensions of the protocol it has.</summary>
internal static class ServerMetadata
{
    private static readonly string? Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3);

    private static readonly string Body = $$"""{"name":"serverless-inference","version":"{{Version}}","extensions":["model_repository"]}""";

    public static IResult Get() => Results.Text(Body, "application/json");
}
