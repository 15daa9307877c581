using System.ClientModel;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = OpenAI.Chat.ChatMessage;

namespace Serverless.EndToEnd.Tests.Generation;

/// <summary>The official OpenAI client and Microsoft.Extensions.AI over it, unmodified, through Functions host, gateway and worker.</summary>
[Collection(PlatformCollection.Name)]
public sealed class OpenAiClientTests(PlatformFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ChatClient Client => new(
        TestModels.Decoder,
        new ApiKeyCredential(fixture.Platform.Options.ApiKey),
        new OpenAIClientOptions { Endpoint = new Uri(fixture.Platform.ApiUrl, "/v1") });

    [Fact]
    public async Task CompleteChatStreaming_Greedy_ComesInPiecesThatAreTheWholeAnswer()
    {
        ChatMessage[] messages = [new SystemChatMessage("Be brief."), new UserChatMessage("Who was Noah?")];
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 150, Temperature = 0 };
        // The control tokens, which end the text or have none: random weights may choose nothing else.
        (options.LogitBiases[256], options.LogitBiases[257], options.LogitBiases[258]) = (-100, -100, -100);

        var whole = (await Client.CompleteChatAsync(messages, options, Token)).Value;
        var updates = await StreamAsync();
        // What is made while an event is under way goes with the next one: on a busy machine these few may all have come together.
        for (var tries = 1; tries < 10 && Pieces() <= 3; tries++)
            updates = await StreamAsync();

        Assert.Equal(ChatMessageRole.Assistant, updates[0].Role);
        Assert.Single(updates.Select(update => update.CompletionId).Distinct());
        Assert.True(Pieces() > 3, $"{updates.Count} updates are no stream");
        Assert.Equal(whole.Content[0].Text, string.Concat(updates.SelectMany(update => update.ContentUpdate).Select(part => part.Text)));
        Assert.Equal(whole.FinishReason, updates.Last(update => update.FinishReason is not null).FinishReason);
        // The client asks for it by stream_options.
        var usage = updates[^1].Usage;
        Assert.Equal((whole.Usage.InputTokenCount, whole.Usage.OutputTokenCount), (usage.InputTokenCount, usage.OutputTokenCount));
        Assert.Equal(150, usage.OutputTokenCount);

        int Pieces() => updates.Count(update => update.ContentUpdate.Count > 0);

        async Task<List<StreamingChatCompletionUpdate>> StreamAsync() =>
            await Client.CompleteChatStreamingAsync(messages, options, Token).ToListAsync(Token);
    }

    [Fact]
    public async Task CompleteChat_LogProbabilities_AreTold()
    {
        var options = new ChatCompletionOptions { MaxOutputTokenCount = 4, Temperature = 0, IncludeLogProbabilities = true, TopLogProbabilityCount = 3 };

        var answer = (await Client.CompleteChatAsync([new UserChatMessage("?")], options, Token)).Value;

        Assert.NotEmpty(answer.ContentTokenLogProbabilities);
        Assert.All(answer.ContentTokenLogProbabilities, token =>
        {
            Assert.InRange(token.LogProbability, -100, 0);
            Assert.Equal(3, token.TopLogProbabilities.Count);
            Assert.Equal(token.Token, token.TopLogProbabilities[0].Token);
        });
    }

    [Fact]
    public async Task GetStreamingResponse_ExtensionsAi_StreamsTextFinishAndUsage()
    {
        var client = Client.AsIChatClient();
        var options = new ChatOptions { MaxOutputTokens = 16, Temperature = 0, Seed = 7 };

        var response = await client.GetStreamingResponseAsync("Who was Noah?", options, Token).ToChatResponseAsync(Token);

        Assert.NotEmpty(response.Text);
        Assert.Contains(response.FinishReason?.Value, new[] { "length", "stop" });
        Assert.InRange(response.Usage!.OutputTokenCount!.Value, 1, 16);
    }

    [Fact]
    public async Task CompleteChat_ConversationLongerThanTheContext_IsRefusedWithTheNumbers()
    {
        var exception = await Assert.ThrowsAsync<ClientResultException>(
            () => Client.CompleteChatAsync([new UserChatMessage(new string('a', 1000))], cancellationToken: Token));

        Assert.Equal(400, exception.Status);
        Assert.Contains("256", exception.Message, StringComparison.Ordinal);
    }
}
