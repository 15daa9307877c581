using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.Worker.Generation;
using Serverless.Worker.Generation.Answers;
using Serverless.Worker.Generation.Chat;
using Serverless.Worker.Generation.Completions;
using Serverless.Worker.Serving;

namespace Serverless.Worker.Tests.Generation;

/// <summary>Order and shape of what is sent, with a generator whose timing a test decides.</summary>
public sealed class GenerationAnswerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Chat_TwoChoicesWithUsage_AreRolesDeltasFinishesUsageAndDone()
    {
        var generation = ScriptedGeneration.Of(FinishReason.Stop, (1, "a"), (0, "x"), (1, ""), (0, "y"));

        var events = await StreamAsync(
            """{"model":"m","messages":[{"role":"user","content":"?"}],"n":2,"stream":true,"stream_options":{"include_usage":true}}""", generation);

        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(text => JsonDocument.Parse(text).RootElement).ToList();
        Assert.Single(chunks.Select(chunk => chunk.GetProperty("id").GetString() + chunk.GetProperty("created")).Distinct());
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.Equal(
            [
                """[{"index":1,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]""",
                """[{"index":1,"delta":{"content":"a"},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{"content":"x"},"logprobs":null,"finish_reason":null}]""",
                """[{"index":1,"delta":{},"logprobs":null,"finish_reason":"stop"}]""",
                """[{"index":0,"delta":{"content":"y"},"logprobs":null,"finish_reason":null}]""",
                """[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]""",
                "[]",
            ],
            chunks.Select(chunk => chunk.GetProperty("choices").GetRawText()));
        Assert.All(chunks.SkipLast(1), chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Equal(
            """{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"prompt_tokens_details":{"cached_tokens":1}}""",
            chunks[^1].GetProperty("usage").GetRawText());
    }

    [Fact]
    public async Task Chat_WithoutStreamOptions_HasNoUsage()
    {
        var events = await StreamAsync(
            """{"model":"m","messages":[{"role":"user","content":"?"}],"stream":true}""",
            ScriptedGeneration.Of(FinishReason.Length, (0, "x")));

        Assert.All(events, text => Assert.DoesNotContain("usage", text, StringComparison.Ordinal));
        Assert.Contains("\"finish_reason\":\"length\"", events[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_AskedForUsage_TellsItInACommentBeforeTheEnd()
    {
        var generator = new ScriptedGenerator((_, _) => ScriptedGeneration.Of(FinishReason.Stop, (0, "x"), (0, "y")));
        using var exchange = new LocalExchange();
        await using var events = new EventStream(exchange.Context, new FakeTimeProvider()) { TellsUsage = true };

        await SendAsync(events, new ChatCall(Chat("""{"model":"m","messages":[{"role":"user","content":"?"}],"stream":true}""")), generator);

        Assert.EndsWith("\n\n: usage 5\n\ndata: [DONE]\n\n", exchange.Sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_FailsAfterTheFirstPiece_SendsWhatCameAndThenTheError()
    {
        var generation = new ScriptedGeneration();
        var generator = new ScriptedGenerator((_, _) => generation);
        var call = new ChatCall(Chat("""{"model":"m","messages":[{"role":"user","content":"?"}],"stream":true}"""));
        using var exchange = new LocalExchange();
        await using var events = new EventStream(exchange.Context, new FakeTimeProvider());
        generation.Write(0, "x");
        var sending = SendAsync(events, call, generator);
        for (var i = 0; i < 200 && exchange.Sent.Length == 0; i++)
            await Task.Delay(10, Token);
        generation.Write(0, "y");
        generation.Complete(new InferenceException(ErrorKind.Internal, "broken"));

        var error = await Assert.ThrowsAsync<InferenceException>(() => sending);
        await events.FailAsync(error.Error);

        Assert.Contains("\"content\":\"y\"", exchange.Events[^2], StringComparison.Ordinal);
        Assert.StartsWith("{\"error\":{\"message\":\"broken\"", exchange.Events[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_RefusedAtTheStart_SendsNothing()
    {
        using var exchange = new LocalExchange();

        await Assert.ThrowsAsync<InferenceException>(() => SendAsync(
            exchange,
            new ChatCall(Chat("""{"model":"m","messages":[{"role":"user","content":"?"}],"stream":true}""")),
            (_, _) => throw new InferenceException(ErrorKind.Overloaded, "full")));

        Assert.Equal("", exchange.Sent);
    }

    [Fact]
    public async Task Completion_TwoPromptsTimesTwo_CountsChoicesOverBothAndEchoesEachOnce()
    {
        using var exchange = new LocalExchange();
        var draft = CompletionRequestReader.Read(
            """{"model":"m","prompt":["A","B"],"n":2,"echo":true,"stream":true}"""u8);

        await SendAsync(
            exchange,
            new CompletionCall(draft),
            (request, _) => ScriptedGeneration.Of(FinishReason.Length, (0, $"{request.Prompt[0]}x"), (1, "y"), (0, "z"), (1, "")));

        var texts = new SortedDictionary<int, string>();
        foreach (var choice in exchange.Events.SkipLast(1).Select(text => JsonDocument.Parse(text).RootElement.GetProperty("choices")[0]))
        {
            var index = choice.GetProperty("index").GetInt32();
            texts[index] = texts.GetValueOrDefault(index) + choice.GetProperty("text").GetString();
        }

        Assert.Equal(["A65xz", "Ay", "B66xz", "By"], texts.Values);
        Assert.Equal("[DONE]", exchange.Events[^1]);
    }

    [Fact]
    public async Task Completion_SecondPromptIsRefused_EndsTheFirst()
    {
        using var exchange = new LocalExchange();
        var tokens = new List<CancellationToken>();

        await Assert.ThrowsAsync<InferenceException>(() => SendAsync(
            exchange,
            new CompletionCall(CompletionRequestReader.Read("""{"model":"m","prompt":["A","B"]}"""u8)),
            (_, token) =>
            {
                tokens.Add(token);
                return tokens.Count == 2 ? throw new InferenceException(ErrorKind.Overloaded, "full") : new ScriptedGeneration();
            }));

        Assert.True(tokens[0].IsCancellationRequested);
    }

    [Fact]
    public async Task Completion_OneOfTwoFails_EndsTheOther()
    {
        using var exchange = new LocalExchange();
        var tokens = new List<CancellationToken>();

        await Assert.ThrowsAsync<InferenceException>(() => SendAsync(
            exchange,
            new CompletionCall(CompletionRequestReader.Read("""{"model":"m","prompt":["A","B"]}"""u8)),
            (_, token) =>
            {
                tokens.Add(token);
                var generation = new ScriptedGeneration { Cancelled = token };
                if (tokens.Count == 2)
                    generation.Complete(new InferenceException(ErrorKind.Internal, "broken"));
                return generation;
            }));

        Assert.All(tokens, token => Assert.True(token.IsCancellationRequested));
    }

    private static ChatDraft Chat(string body) => ChatRequestReader.Read(Encoding.UTF8.GetBytes(body));

    private static async Task<IReadOnlyList<string>> StreamAsync(string body, TextGeneration generation)
    {
        using var exchange = new LocalExchange();
        await SendAsync(exchange, new ChatCall(Chat(body)), (_, _) => generation);
        return exchange.Events;
    }

    private static async Task SendAsync(
        LocalExchange exchange, GenerationCall call, Func<GenerationRequest, CancellationToken, TextGeneration> start)
    {
        await using var events = new EventStream(exchange.Context, new FakeTimeProvider());
        await SendAsync(events, call, new ScriptedGenerator(start));
    }

    private static async Task SendAsync(EventStream events, GenerationCall call, ScriptedGenerator generator)
    {
        using var cancellation = new CallCancellation(CancellationToken.None);
        cancellation.Begin(TimeSpan.FromSeconds(30), Token);
        using var run = GenerationRun.Start(generator, call.RequestsFor(generator), null, RunTerms.Default, cancellation.Token);
        var answer = call.AnswerFrom(new AnswerSource(generator, null!, DateTimeOffset.UnixEpoch, Price: null));
        await GenerationPump.SendAsync(run, answer, events, cancellation, () => { });
    }
}
