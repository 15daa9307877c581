namespace Serverless.Contracts.Errors;

/// <summary>The protocol whose error shape a client expects.</summary>
public enum WireProtocol
{
    /// <summary>Open Inference Protocol v2: <c>{"error": "…"}</c>.</summary>
    OpenInference,

    /// <summary>OpenAI API: <c>{"error": {"message", "type", "param", "code"}}</c>.</summary>
    OpenAi,
}
