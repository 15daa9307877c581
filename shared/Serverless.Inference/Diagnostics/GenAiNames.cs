using Serverless.Inference.Generation;

namespace Serverless.Inference.Diagnostics;

/// <summary>Attributes of spans and metrics about generated text: OpenTelemetry's semantic conventions for generative AI, 1.37.</summary>
public static class GenAiNames
{
    /// <summary>What was asked for, see <see cref="NameOf(GenerationOperation)"/>.</summary>
    public const string Operation = "gen_ai.operation.name";

    /// <summary>Who generates; always <see cref="Provider"/>.</summary>
    public const string ProviderName = "gen_ai.provider.name";

    /// <summary>The model that was asked for. Of metrics its name alone, which bounds how many series there are.</summary>
    public const string RequestModel = "gen_ai.request.model";

    /// <summary>The model that answered, with its version.</summary>
    public const string ResponseModel = "gen_ai.response.model";

    /// <summary>Continuations asked for.</summary>
    public const string ChoiceCount = "gen_ai.request.choice.count";

    /// <summary>The most tokens of each.</summary>
    public const string MaxTokens = "gen_ai.request.max_tokens";

    /// <summary>The temperature asked for.</summary>
    public const string Temperature = "gen_ai.request.temperature";

    /// <summary>The part of the probability that tokens are drawn from.</summary>
    public const string TopP = "gen_ai.request.top_p";

    /// <summary>Why each continuation ended, see <see cref="NameOf(FinishReason)"/>.</summary>
    public const string FinishReasons = "gen_ai.response.finish_reasons";

    /// <summary>Tokens of the prompt.</summary>
    public const string InputTokens = "gen_ai.usage.input_tokens";

    /// <summary>Tokens generated.</summary>
    public const string OutputTokens = "gen_ai.usage.output_tokens";

    /// <summary>Which tokens a measurement counts: <c>input</c> or <c>output</c>.</summary>
    public const string TokenType = "gen_ai.token.type";

    /// <summary>This platform.</summary>
    public const string Provider = "serverless";

    /// <summary>The value of <see cref="Operation"/>.</summary>
    public static string NameOf(GenerationOperation operation) => operation == GenerationOperation.Chat ? "chat" : "text_completion";

    /// <summary>A value of <see cref="FinishReasons"/>.</summary>
    public static string NameOf(FinishReason reason) => reason == FinishReason.Stop ? "stop" : "length";
}
