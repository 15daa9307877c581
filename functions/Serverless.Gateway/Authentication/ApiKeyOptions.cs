namespace Serverless.Gateway.Authentication;

/// <summary>Configuration section <c>Gateway</c>, the part about keys.</summary>
internal sealed class ApiKeyOptions
{
    public const string Section = "Gateway";

    /// <summary>The keys that are let in. Empty lets nobody in.</summary>
    public IList<ApiKey> ApiKeys { get; } = [];
}
