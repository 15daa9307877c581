using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class TokenSamplerTests
{
    private static readonly SamplingOptions Greedy = new() { Temperature = 0 };

    [Theory]
    [InlineData(new[] { 1f, 3, 2 }, 1)]
    [InlineData(new[] { 2f, 3, 3 }, 1)]
    [InlineData(new[] { float.NaN, 1, 2 }, 2)]
    [InlineData(new[] { float.NaN, float.NegativeInfinity, -5 }, 2)]
    [InlineData(new[] { 1, float.PositiveInfinity, float.NaN }, 1)]
    public void Next_Greedy_TakesTheFirstLargestThatIsANumber(float[] logits, int token)
    {
        Assert.Equal(token, Sampler(Greedy).Next(logits, null, out var logprob));
        Assert.Null(logprob);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Next_NothingPossible_FailsAsTheModel(float temperature)
    {
        var sampler = Sampler(new SamplingOptions { Temperature = temperature });

        var error = Assert.Throws<InferenceException>(() => sampler.Next([float.NaN, float.NegativeInfinity], null, out _)).Error;

        Assert.Equal(ErrorKind.Internal, error.Kind);
        Assert.Throws<InferenceException>(() => sampler.Next([], null, out _));
    }

    [Fact]
    public void Next_InfiniteLogit_IsDrawnAlways()
    {
        var sampler = Sampler(new SamplingOptions { RepetitionPenalty = 0.5f, TopP = 0.9f });

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(1, sampler.Next([5, float.PositiveInfinity, float.NaN, 7], null, out var _)));
    }

    [Fact]
    public void Next_Bias_MovesTheChoice()
    {
        var options = Greedy with { LogitBias = new Dictionary<int, float> { [0] = 5, [2] = -100, [9] = 50 } };

        Assert.Equal(0, Sampler(options).Next([1, 2, 9], null, out _));
    }

    [Fact]
    public void Next_RepetitionPenalty_DividesPositiveAndMultipliesNegativeOfPromptAndText()
    {
        var sampler = Sampler(Greedy with { RepetitionPenalty = 2 }, prompt: [0, 0, 7]);

        // 4 of the prompt becomes 2, once however often it is there.
        Assert.Equal(1, sampler.Next([4, 3, 2], null, out _));
        // Now 1 is in the text as well: 2, 1.5, 1.9.
        Assert.Equal(2, sampler.Next([4, 3, 2.1f], null, out _));
        Assert.Equal(0, sampler.Next([4, 3, 2.1f], null, out _));
        Assert.Equal(3, sampler.Next([-1, -1, -1, -1.9f], null, out _));
    }

    [Fact]
    public void Next_FrequencyPenalty_CountsTheTextAlone()
    {
        var sampler = Sampler(Greedy with { FrequencyPenalty = 1 }, prompt: [0, 0, 0, 0]);

        Assert.Equal([0, 0, 1, 0, 1], Enumerable.Range(0, 5).Select(_ => sampler.Next([3.5f, 2], null, out var _)));
    }

    [Fact]
    public void Next_PresencePenalty_TakesOffOnce()
    {
        var sampler = Sampler(Greedy with { PresencePenalty = 1 });

        Assert.Equal([0, 1, 0, 0], Enumerable.Range(0, 4).Select(_ => sampler.Next([3.5f, 3], null, out var _)));
    }

    [Fact]
    public void Next_NegativePenalties_FavourWhatIsThere()
    {
        var sampler = Sampler(Greedy with { FrequencyPenalty = -1 });

        Assert.Equal(1, sampler.Next([0, 1], null, out _));
        Assert.Equal(1, sampler.Next([1.5f, 1], null, out _));
        Assert.Equal(0, sampler.Next([3.1f, 1], null, out _));
    }

    public static TheoryData<SamplingOptions, double[]> Distributions() => new()
    {
        { new SamplingOptions(), [0.1, 0.2, 0.3, 0.4] },
        { new SamplingOptions { Temperature = 0.5f }, [1 / 30.0, 4 / 30.0, 9 / 30.0, 16 / 30.0] },
        { new SamplingOptions { TopK = 2 }, [0, 0, 3 / 7.0, 4 / 7.0] },
        { new SamplingOptions { TopP = 0.85f }, [0, 2 / 9.0, 3 / 9.0, 4 / 9.0] },
        { new SamplingOptions { MinP = 0.6f }, [0, 0, 3 / 7.0, 4 / 7.0] },
        { new SamplingOptions { TopK = 3, TopP = 0.5f }, [0, 0, 3 / 7.0, 4 / 7.0] },
        { new SamplingOptions { LogitBias = new Dictionary<int, float> { [3] = -100 } }, [1 / 6.0, 2 / 6.0, 3 / 6.0, 0] },
    };

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Next_ManyDraws_FollowTheDistribution(SamplingOptions options, double[] expected)
    {
        const int Draws = 20_000;
        var sampler = Sampler(options);
        var counts = new int[expected.Length];
        for (var draw = 0; draw < Draws; draw++)
            counts[sampler.Next([MathF.Log(1), MathF.Log(2), MathF.Log(3), MathF.Log(4)], null, out _)]++;

        Assert.All(counts.Zip(expected), pair => Assert.True(pair.Second > 0 || pair.First == 0));
        // Chi-square with at most three degrees of freedom: 16.3 is passed once in a thousand; the draws are fixed.
        Assert.InRange(
            counts.Zip(expected)
                .Where(pair => pair.Second > 0)
                .Sum(pair => Math.Pow(pair.First - (pair.Second * Draws), 2) / (pair.Second * Draws)),
            0,
            16.3);
    }

    [Fact]
    public void Next_SameSeedAndChoice_SameTextWhoeverRunsBeside()
    {
        var options = new SamplingOptions { Temperature = 1.2f, TopP = 0.95f };
        var alone = Text(Sampler(options, choice: 2, seed: 42));
        var besides = Sampler(options, choice: 1, seed: 42);

        var sampler = Sampler(options, choice: 2, seed: 42);
        var together = Enumerable.Range(0, 100).Select(position =>
        {
            for (var other = 0; other < position % 4; other++)
                besides.Next(LogitsAt(position), null, out _);
            return sampler.Next(LogitsAt(position), position % 2 == 0 ? 3 : null, out _);
        });

        Assert.Equal(alone, together);
        Assert.NotEqual(alone, Text(Sampler(options, choice: 3, seed: 42)));
        Assert.NotEqual(alone, Text(Sampler(options, choice: 2, seed: 43)));
    }

    [Fact]
    public void Next_Logprobs_AreOfTheModelBeforeAnyRule()
    {
        var options = new SamplingOptions { Temperature = 0, LogitBias = new Dictionary<int, float> { [0] = 50 }, TopK = 1 };

        var token = Sampler(options).Next([MathF.Log(1), MathF.Log(2), MathF.Log(3), MathF.Log(4)], 2, out var logprob);

        Assert.Equal(0, token);
        Assert.Equal(0, logprob!.Token);
        Assert.Equal(Math.Log(0.1), logprob.Logprob, 5);
        Assert.Equal([3, 2], logprob.Top.Select(top => top.Token));
        Assert.Equal([Math.Log(0.4), Math.Log(0.3)], logprob.Top.Select(top => (double)top.Logprob), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.All(logprob.Top, top => Assert.Empty(top.Top));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    public void Next_LogprobsOfALargeVocabulary_AreTheMostLikelyInOrder(int top)
    {
        var random = new Random(5);
        var logits = Enumerable.Range(0, 50_257).Select(_ => MathF.Round((float)random.NextDouble() * 30, 2)).ToArray();
        int[] expected = [.. Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).ThenBy(token => token).Take(top)];
        var normaliser = Math.Log(logits.Sum(logit => Math.Exp(logit)));
        var raw = (float[])logits.Clone();

        var token = Sampler(new SamplingOptions()).Next(logits, top, out var logprob);

        Assert.Equal(expected, logprob!.Top.Select(alternative => alternative.Token));
        Assert.Equal(raw[token] - normaliser, logprob.Logprob, 4);
    }

    [Fact]
    public void Next_LogprobsOfBrokenLogits_LeaveOutTheImpossible()
    {
        Sampler(Greedy).Next([float.NaN, 2, float.NegativeInfinity], 3, out var logprob);

        Assert.Equal(0, logprob!.Logprob);
        Assert.Equal([1], logprob.Top.Select(top => top.Token));
    }

    [Fact]
    public void Next_SteadyState_AllocatesNothing()
    {
        var sampler = Sampler(new SamplingOptions { TopP = 0.9f, TopK = 100, MinP = 0.01f, PresencePenalty = 1, RepetitionPenalty = 1.1f });
        var logits = new float[1000];
        for (var round = 0; round < 200; round++)
            Refill(sampler, logits);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 50; round++)
            Refill(sampler, logits);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Refill(TokenSampler sampler, float[] logits)
    {
        for (var token = 0; token < logits.Length; token++)
            logits[token] = token < 5 ? 10 : 0;
        sampler.Next(logits, null, out _);
    }

    private static TokenSampler Sampler(SamplingOptions options, int[]? prompt = null, int choice = 0, long seed = 1) =>
        new(options, prompt ?? [], choice, seed, constraint: null);

    private static int[] Text(TokenSampler sampler) =>
        [.. Enumerable.Range(0, 100).Select(position => sampler.Next(LogitsAt(position), null, out _))];

    private static float[] LogitsAt(int position) =>
        [.. Enumerable.Range(0, 50).Select(token => MathF.Sin((token * 7) + position) * 2)];
}
