using System.ClientModel;
using OpenAI;
using OpenAI.Embeddings;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>The same through the official OpenAI client for .NET, unmodified.</summary>
internal static class OpenAiClientDemo
{
    public static async Task RunAsync(DemoLog log, LocalPlatform platform, CancellationToken cancellationToken)
    {
        var client = new EmbeddingClient(
            DemoSentences.Model,
            new ApiKeyCredential(platform.Options.ApiKey),
            new OpenAIClientOptions { Endpoint = new Uri(platform.ApiUrl, "/v1") });
        var answer = await log.StepAsync(
            "The same through the official OpenAI client",
            () => client.GenerateEmbeddingsAsync(DemoSentences.Texts, cancellationToken: cancellationToken));
        log.CheckCosines("OpenAI client", [.. answer.Value.Select(embedding => embedding.ToFloats().ToArray())]);
    }
}
