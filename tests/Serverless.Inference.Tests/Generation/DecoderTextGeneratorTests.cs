using Serverless.Contracts.Errors;
using Serverless.Inference.Execution;
using Serverless.Inference.Generation;
using Serverless.SampleModels.Decoders;
using static Serverless.Inference.Tests.Generation.TinyGenerator;

namespace Serverless.Inference.Tests.Generation;

public sealed class DecoderTextGeneratorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DecoderKind.GroupQuery)]
    [InlineData(DecoderKind.Optimum)]
    public async Task Start_ManyAtOnce_GivesEachTheTokensThatItHasAlone(DecoderKind kind)
    {
        await using var tiny = new TinyGenerator(kind: kind);
        var prompts = Enumerable.Range(1, 24).Select(length => Enumerable.Range(length, length * 3).ToArray()).ToList();

        var generations = prompts.ConvertAll(prompt => tiny.Start(Ask(12, prompt)));

        for (var i = 0; i < prompts.Count; i++)
        {
            var pieces = await ReadAsync(generations[i]);
            Assert.Equal(FinishReason.Length, pieces[^1].Finish);
            Assert.Equal(new GenerationUsage(prompts[i].Length, generations[i].Usage.CachedTokens, 12), generations[i].Usage);
            Assert.Equal(tiny.Tiny.Record.LogitsSize, tiny.Generator.VocabularySize);
            Assert.Equal(Text(tiny.Greedy(prompts[i], 12)), TextOf(pieces));
        }
    }

    [Fact]
    public async Task Start_FourChoices_ComputesThePromptOnce()
    {
        await using var tiny = new TinyGenerator();
        int[] prompt = [.. Enumerable.Range(5, 40)];

        var generation = tiny.Start(Ask(10, prompt) with { Choices = 4 });
        var pieces = await ReadAsync(generation);

        Assert.Equal(40, tiny.Decoder.Prefilled);
        Assert.Equal(new GenerationUsage(40, 0, 40), generation.Usage);
        var text = Text(tiny.Greedy(prompt, 10));
        for (var choice = 0; choice < 4; choice++)
        {
            Assert.Equal(text, TextOf(pieces, choice));
            Assert.Single(pieces, piece => piece.Choice == choice && piece.Finish == FinishReason.Length);
        }
    }

    [Fact]
    public async Task Start_NoTokensWanted_FinishesAtOnceWithoutText()
    {
        await using var tiny = new TinyGenerator();

        var generation = tiny.Start(Ask(0, 1, 2, 3) with { Choices = 2 });

        var pieces = await ReadAsync(generation);
        Assert.Equal([(0, "", FinishReason.Length), (1, "", FinishReason.Length)], pieces.Select(piece => (piece.Choice, piece.Text, piece.Finish!.Value)));
        Assert.Equal(new GenerationUsage(3, 0, 0), generation.Usage);
        Assert.Equal(0, tiny.Decoder.Prefilled);
    }

    [Fact]
    public async Task Start_SamplingOutOfRange_IsRefusedByName()
    {
        await using var tiny = new TinyGenerator();
        var request = Ask(5, 1, 2);

        var error = Assert.Throws<InferenceException>(() => tiny.Start(request with { Sampling = request.Sampling with { TopP = 1.5f } }));

        Assert.Equal((ErrorKind.InvalidRequest, "top_p"), (error.Error.Kind, error.Error.Param));
    }

    [Fact]
    public async Task Start_EmptyPrompt_BeginsFromTheModelsFirstToken()
    {
        await using var tiny = new TinyGenerator();

        var pieces = await ReadAsync(tiny.Start(Ask(5)));

        Assert.Equal(Text(tiny.Greedy([256], 5)), TextOf(pieces));
    }

    [Fact]
    public async Task Start_EmptyPromptOfAModelWithoutFirstToken_IsRefused()
    {
        await using var tiny = new TinyGenerator(beginToken: null);

        var error = Assert.Throws<InferenceException>(() => tiny.Start(Ask(5)));

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
        Assert.Equal("prompt", error.Error.Param);
    }

    [Fact]
    public async Task Start_PromptLongerThanTheContext_IsRefusedWithBothNumbers()
    {
        await using var tiny = new TinyGenerator();

        var error = Assert.Throws<InferenceException>(() => tiny.Start(Ask(5, new int[257])));

        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
        Assert.Contains("257", error.Message, StringComparison.Ordinal);
        Assert.Contains("256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Encode_TextLongerThanTheContext_IsRefusedBeforeAnotherIsTokenized()
    {
        await using var tiny = new TinyGenerator();

        Assert.Equal(256, tiny.Generator.Encode(new string('a', 256)).Count);
        var error = Assert.Throws<InferenceException>(() => tiny.Generator.Encode(new string('a', 257)));

        Assert.Equal((ErrorKind.InvalidRequest, "prompt"), (error.Error.Kind, error.Error.Param));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(320)]
    public async Task Start_TokenThatIsNone_IsRefused(int token)
    {
        await using var tiny = new TinyGenerator();

        var error = Assert.Throws<InferenceException>(() => tiny.Start(Ask(5, 1, token)));

        Assert.Contains($" {token} ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_UpToTheContext_EndsThereWithLength()
    {
        await using var tiny = new TinyGenerator();

        var generation = tiny.Start(Ask(1000, new int[250]) with { MaxTokens = null });

        var pieces = await ReadAsync(generation);
        Assert.Equal(FinishReason.Length, pieces[^1].Finish);
        Assert.Equal(6, generation.Usage.CompletionTokens);
    }

    [Fact]
    public async Task Start_QueueFull_IsRefusedWithATimeToRetry()
    {
        await using var tiny = new TinyGenerator(options => (options.MaxRows, options.QueueLimit) = (1, 2));
        tiny.Decoder.Gate.Reset();
        var running = tiny.Start(Ask(3, 1));
        await tiny.Decoder.AtGate.WaitAsync(Token);
        var batch = tiny.Start(Ask(3, 2), new RunTerms(Priority: RunPriority.Batch));
        var interactive = tiny.Start(Ask(3, 3));

        var refused = Assert.Throws<InferenceException>(() => tiny.Start(Ask(3, 4), new RunTerms(Priority: RunPriority.Batch)));
        Assert.Equal(ErrorKind.Overloaded, refused.Error.Kind);
        Assert.NotNull(refused.Error.RetryAfter);

        // Batch work makes room for somebody who waits for the answer.
        var late = tiny.Start(Ask(3, 5));
        var displaced = await Assert.ThrowsAsync<InferenceException>(() => ReadAsync(batch));
        Assert.Equal(ErrorKind.Overloaded, displaced.Error.Kind);
        tiny.Decoder.Gate.Set();
        foreach (var generation in new[] { running, interactive, late })
            Assert.Equal(FinishReason.Length, (await ReadAsync(generation))[^1].Finish);
    }

    [Fact]
    public async Task Cancel_WhileItRuns_EndsItWithinOneStep()
    {
        await using var tiny = new TinyGenerator();
        using var leaving = new CancellationTokenSource();
        tiny.Decoder.Gate.Reset();
        var generation = tiny.Start(Ask(200, 1, 2, 3), leaving: leaving);
        await tiny.Decoder.AtGate.WaitAsync(Token);
        await leaving.CancelAsync();
        tiny.Decoder.Gate.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(generation));
        await ReadAsync(tiny.Start(Ask(1, 9)));

        // The step that it was in; the second request needs none.
        Assert.Equal(1, tiny.Decoder.Steps);
        Assert.Empty(tiny.Decoder.Started);
    }

    [Fact]
    public async Task Read_LeftHalfWay_EndsTheRequest()
    {
        await using var tiny = new TinyGenerator();
        var generation = tiny.Start(Ask(200, 1, 2, 3));

        await foreach (var _ in generation.ReadAllAsync())
            break;

        await Until.TrueAsync(() => tiny.Decoder.Started.Count == 0);
        Assert.InRange(generation.Usage.CompletionTokens, 1, 199);
    }

    [Fact]
    public async Task Start_DeadlinePasses_IsToldSo()
    {
        await using var tiny = new TinyGenerator();
        tiny.Decoder.Gate.Reset();
        var generation = tiny.Start(Ask(200, 1), new RunTerms(tiny.Time.GetTimestamp() + tiny.Time.TimestampFrequency));
        await tiny.Decoder.AtGate.WaitAsync(Token);
        tiny.Time.Advance(TimeSpan.FromSeconds(2));
        tiny.Decoder.Gate.Set();

        var error = await Assert.ThrowsAsync<InferenceException>(() => ReadAsync(generation));

        Assert.Equal(ErrorKind.DeadlineExceeded, error.Error.Kind);
        Assert.Equal(1, tiny.Decoder.Steps);
    }

    [Fact]
    public async Task Start_RunFails_FailsThoseInItAndGoesOn()
    {
        await using var tiny = new TinyGenerator();
        tiny.Decoder.Gate.Reset();
        var failing = tiny.Start(Ask(20, 1, 2));
        await tiny.Decoder.AtGate.WaitAsync(Token);
        tiny.Decoder.FailNext = true;
        tiny.Decoder.Gate.Set();

        var error = await Assert.ThrowsAsync<InferenceException>(() => ReadAsync(failing));
        Assert.Equal(ErrorKind.Internal, error.Error.Kind);
        Assert.Equal(Text(tiny.Greedy([7, 8], 6)), TextOf(await ReadAsync(tiny.Start(Ask(6, 7, 8)))));
    }

    [Fact]
    public async Task Start_SecondPromptWithTheSameBeginning_UsesWhatIsThere()
    {
        await using var tiny = new TinyGenerator();
        int[] shared = [.. Enumerable.Range(0, 100)];
        await ReadAsync(tiny.Start(Ask(3, [.. shared, 200])));
        var before = tiny.Decoder.Prefilled;

        var second = tiny.Start(Ask(8, [.. shared, 201, 202]));
        var pieces = await ReadAsync(second);

        Assert.Equal(96, second.Usage.CachedTokens);
        Assert.Equal(6, tiny.Decoder.Prefilled - before);
        Assert.Equal(Text(tiny.Greedy([.. shared, 201, 202], 8)), TextOf(pieces));
        // Another tenant must not learn what was asked.
        var other = tiny.Start(Ask(1, [.. shared, 203]), new RunTerms(Tenant: "other"));
        await ReadAsync(other);
        Assert.Equal(0, other.Usage.CachedTokens);
    }

    [Fact]
    public async Task Start_MoreThanThereIsMemoryFor_IsRefusedOrWaits()
    {
        // Room for 512 tokens: two rows of the whole context.
        await using var tiny = new TinyGenerator(options => options.KvMemoryBytes = 1 << 18);
        var tokens = (1 << 18) / (int)tiny.Decoder.Shape.TokenBytes;
        Assert.Equal(512, tokens);

        var error = Assert.Throws<InferenceException>(() => tiny.Start(Ask(200, new int[50]) with { Choices = 3 }));
        Assert.Equal(ErrorKind.InvalidRequest, error.Error.Kind);
        Assert.Contains((1 << 18).ToString(System.Globalization.CultureInfo.InvariantCulture), error.Message, StringComparison.Ordinal);

        var generations = Enumerable.Range(0, 12).Select(i => tiny.Start(Ask(30 + (i * 17), i, i + 1))).ToList();
        foreach (var generation in generations)
            Assert.Equal(FinishReason.Length, (await ReadAsync(generation))[^1].Finish);
        Assert.InRange(tiny.Decoder.Bytes, 1, 1 << 18);
    }

    [Fact]
    public async Task Dispose_WhileTextsRunAndWait_FailsThemAndFreesTheMemory()
    {
        await using var tiny = new TinyGenerator(options => options.MaxRows = 1);
        tiny.Decoder.Gate.Reset();
        var running = tiny.Start(Ask(200, 1));
        await tiny.Decoder.AtGate.WaitAsync(Token);
        var waiting = tiny.Start(Ask(200, 2));
        tiny.Close();
        tiny.Decoder.Gate.Set();

        foreach (var generation in new[] { running, waiting })
            Assert.Equal(ErrorKind.ModelUnavailable, (await Assert.ThrowsAsync<InferenceException>(() => ReadAsync(generation))).Error.Kind);
        await tiny.Ended;
        Assert.True(tiny.Decoder.IsDisposed);
        Assert.Equal(ErrorKind.ModelUnavailable, Assert.Throws<InferenceException>(() => tiny.Start(Ask(1, 1))).Error.Kind);
    }

    private static string Text(IReadOnlyList<int> tokens) => string.Concat(tokens.Select(token => $"{token:x3}"));
}
