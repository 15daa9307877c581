using System.Text.Json;
using Serverless.Contracts.Jobs;

namespace Serverless.Gateway.Batches.Validation;

/// <summary>The errors found so far: the first ones are kept, all are counted.</summary>
internal sealed class ValidationErrors
{
    // A Table's string holds 32 Ki characters; a message quotes no more than this much of what a stranger wrote.
    private const int MaxJson = 30_000;
    private const int MaxQuote = 64;

    private readonly List<BatchError> _errors = [];

    public int Count { get; private set; }

    public void Add(string code, string message, string? param = null, int? line = null)
    {
        Count++;
        if (_errors.Count < JobLimits.MaxReportedErrors)
            _errors.Add(new BatchError(code, message, param, line));
    }

    public string ToJson()
    {
        var kept = _errors;
        while (true)
        {
            var json = JsonSerializer.Serialize(kept, BatchRequestJson.Default.ListBatchError);
            if (json.Length <= MaxJson)
                return json;
            kept = kept[..(kept.Count / 2)];
        }
    }

    public static string Quote(string text) =>
        string.Concat((text.Length > MaxQuote ? text[..MaxQuote] + "…" : text).Where(letter => !char.IsControl(letter)));
}
