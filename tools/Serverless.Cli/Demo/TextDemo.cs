using System.ClientModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenAI;
using OpenAI.Chat;
using Serverless.Cli.Api;
using Serverless.Topology.Platform;

namespace Serverless.Cli.Demo;

/// <summary>
/// Text of our own small model: a conversation streamed by the official OpenAI client, which must say the same as its whole answer, and a
/// completion.
/// </summary>
internal static class TextDemo
{
    private const string Model = SampleModels.TinyLm.Name;
    private const string Chat = "chat, OpenAI client";
    private const string Completion = "completion";
    private const string Verse = "And God said, Let there be light: and there was light.";
    private const string Beginning = "In the beginning God";
    private const int MaxTokens = 64;
    private const float Temperature = 0.7f;
    private const int Seed = 1;

    public static async Task RunAsync(DemoLog log, LocalPlatform platform, ApiClient api, CancellationToken cancellationToken)
    {
        var client = new ChatClient(
            Model,
            new ApiKeyCredential(platform.Options.ApiKey),
            new OpenAIClientOptions { Endpoint = new Uri(platform.ApiUrl, "/v1") });
        var streamed = await log.StepAsync(
            "A conversation, streamed by the official OpenAI client (model loaded from Blob)",
            () => StreamAsync(log, client, cancellationToken),
            Quote);
        var whole = await log.StepAsync(
            "The same as one answer",
            async () => (await client.CompleteChatAsync([new UserChatMessage(Verse)], Options(), cancellationToken)).Value);
        log.Check(Chat, "the stream says what the whole answer says", 1, streamed == whole.Content[0].Text ? 1 : 0);
        CheckUsage(log, Chat, whole.Usage.InputTokenCount, whole.Usage.OutputTokenCount, whole.Usage.TotalTokenCount);
        await CompleteAsync(log, api, cancellationToken);
    }

    private static async Task<string> StreamAsync(DemoLog log, ChatClient client, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        ChatTokenUsage? usage = null;
        var start = Stopwatch.GetTimestamp();
        TimeSpan? first = null;
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage(Verse)], Options(), cancellationToken))
        {
            foreach (var part in update.ContentUpdate.Where(part => part.Text.Length > 0))
            {
                first ??= Stopwatch.GetElapsedTime(start);
                text.Append(part.Text);
            }

            usage = update.Usage ?? usage;
        }

        log.Add(new DemoTiming("First words of the stream, from cold", first ?? TimeSpan.Zero));
        log.Check(Chat, "words came", 1, text.Length > 0 ? 1 : 0);
        CheckUsage(log, Chat, usage?.InputTokenCount ?? 0, usage?.OutputTokenCount ?? 0, usage?.TotalTokenCount ?? -1);
        return text.ToString();
    }

    private static async Task CompleteAsync(DemoLog log, ApiClient api, CancellationToken cancellationToken)
    {
        var request = new { model = Model, prompt = Beginning, max_tokens = MaxTokens, temperature = Temperature, seed = Seed };
        var start = Stopwatch.GetTimestamp();
        var answer = await log.StepAsync(
            "A completion",
            () => api.PostAsync("/v1/completions", request, cancellationToken),
            answer => Quote(Beginning + TextOf(answer)));
        var took = Stopwatch.GetElapsedTime(start);
        var usage = answer.Body.GetProperty("usage");
        var generated = usage.GetProperty("completion_tokens").GetInt32();
        log.Check(Completion, "words came", 1, TextOf(answer).Length > 0 ? 1 : 0);
        CheckUsage(
            log, Completion, usage.GetProperty("prompt_tokens").GetInt32(), generated, usage.GetProperty("total_tokens").GetInt32());
        log.Add(new DemoTiming(
            "One token of the completion", took / Math.Max(1, generated), string.Create(CultureInfo.InvariantCulture, $"{generated} tokens")));
    }

    private static void CheckUsage(DemoLog log, string way, int prompt, int generated, int total)
    {
        log.Check(way, $"at most {MaxTokens} tokens, at least one", Math.Clamp(generated, 1, MaxTokens), generated);
        log.Check(way, "tokens of the prompt and the text", prompt + generated, total);
    }

    private static string TextOf(ApiAnswer answer) => answer.Body.GetProperty("choices")[0].GetProperty("text").GetString()!;

    private static string Quote(string text) => $"“{text.ReplaceLineEndings(" ")}”";

    // The client calls seeds experimental because OpenAI promises little of them; here the same seed is the same text.
#pragma warning disable OPENAI001
    private static ChatCompletionOptions Options() => new() { MaxOutputTokenCount = MaxTokens, Temperature = Temperature, Seed = Seed };
#pragma warning restore OPENAI001
}
