namespace Serverless.FunctionsHost.Settings;

/// <summary>Keys for functions whose authLevel is not anonymous, section <c>FunctionsHost:Keys</c>.</summary>
internal sealed class FunctionKeyOptions
{
    /// <summary>Opens every function, admin level included.</summary>
    public string? Master { get; set; }

    /// <summary>Key name to key; each opens every function of level function.</summary>
    public Dictionary<string, string> Host { get; set; } = [];

    /// <summary>Function name to key name to key; each opens that one function.</summary>
    public Dictionary<string, Dictionary<string, string>> Functions { get; set; } = [];

    public bool None => string.IsNullOrEmpty(Master) && Host.Count == 0 && Functions.Count == 0;
}
