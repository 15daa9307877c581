using Serverless.Contracts.Errors;
using Serverless.Inference.Generation.Sampling;

namespace Serverless.Inference.Tests.Generation.Sampling;

public sealed class SamplingLimitsTests
{
    public static TheoryData<SamplingOptions, string, string> Refused() => new()
    {
        { new SamplingOptions { Temperature = -0.1f }, "temperature", "temperature is -0.1; it must be from 0 to 2." },
        { new SamplingOptions { Temperature = 2.5f }, "temperature", "temperature is 2.5; it must be from 0 to 2." },
        { new SamplingOptions { Temperature = float.NaN }, "temperature", "temperature is NaN; it must be from 0 to 2." },
        { new SamplingOptions { TopP = -0.1f }, "top_p", "top_p is -0.1; it must be from 0 to 1." },
        { new SamplingOptions { TopP = 1.5f }, "top_p", "top_p is 1.5; it must be from 0 to 1." },
        { new SamplingOptions { TopK = -1 }, "top_k", "top_k is -1; it must be 0 (all tokens) or more." },
        { new SamplingOptions { MinP = 1.1f }, "min_p", "min_p is 1.1; it must be from 0 to 1." },
        { new SamplingOptions { RepetitionPenalty = 0 }, "repetition_penalty", "repetition_penalty is 0; it must be above 0 and at most 10." },
        { new SamplingOptions { FrequencyPenalty = 3 }, "frequency_penalty", "frequency_penalty is 3; it must be from -2 to 2." },
        { new SamplingOptions { PresencePenalty = -3 }, "presence_penalty", "presence_penalty is -3; it must be from -2 to 2." },
        { Biased(100, 1), "logit_bias", "logit_bias names token 100; the model's tokens are 0 to 99." },
        { Biased(-1, 1), "logit_bias", "logit_bias names token -1; the model's tokens are 0 to 99." },
        { Biased(5, 101), "logit_bias", "logit_bias of token 5 is 101; it must be from -100 to 100." },
        { Biased(5, float.NaN), "logit_bias", "logit_bias of token 5 is NaN; it must be from -100 to 100." },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Check_OutOfRange_NamesFieldValueAndRange(SamplingOptions options, string field, string message)
    {
        var error = Assert.Throws<InferenceException>(() => options.Check(100)).Error;

        Assert.Equal((ErrorKind.InvalidRequest, field, message), (error.Kind, error.Param, error.Message));
    }

    [Fact]
    public void Check_TooManyBiases_SaysHowManyAreAllowed()
    {
        var options = new SamplingOptions { LogitBias = Enumerable.Range(0, 1025).ToDictionary(token => token, _ => 1f) };

        var error = Assert.Throws<InferenceException>(() => options.Check(100_000)).Error;

        Assert.Equal("logit_bias has 1025 entries; at most 1024 are allowed.", error.Message);
    }

    [Fact]
    public void Check_DefaultsAndBounds_Pass()
    {
        new SamplingOptions().Check(1);
        new SamplingOptions { Temperature = 2, MinP = 1, RepetitionPenalty = 10, FrequencyPenalty = -2, PresencePenalty = 2 }.Check(1);
        new SamplingOptions { TopP = 0 }.Check(1);
        Biased(99, -100).Check(100);
    }

    private static SamplingOptions Biased(int token, float bias) => new() { LogitBias = new Dictionary<int, float> { [token] = bias } };
}
