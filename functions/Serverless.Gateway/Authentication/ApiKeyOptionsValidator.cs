using Microsoft.Extensions.Options;
using Serverless.Contracts.Costs;

namespace Serverless.Gateway.Authentication;

internal sealed class ApiKeyOptionsValidator : IValidateOptions<ApiKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, ApiKeyOptions options)
    {
        var failures = new List<string>();
        for (var i = 0; i < options.ApiKeys.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(options.ApiKeys[i].Name))
                failures.Add($"Gateway:ApiKeys:{i}:Name is missing: say who holds the key.");
            if (CostTables.IsReserved(options.ApiKeys[i].Name))
                failures.Add($"Gateway:ApiKeys:{i}:Name must not be '{options.ApiKeys[i].Name}': costs that are nobody's are booked to it.");
            if (!IsHash(options.ApiKeys[i].Sha256))
                failures.Add($"Gateway:ApiKeys:{i}:Sha256 must be the SHA-256 of the key as 64 hex digits.");
            if (options.ApiKeys[i].Weight is < 1 or > 100)
                failures.Add($"Gateway:ApiKeys:{i}:Weight must be from 1 to 100.");
            if (options.ApiKeys[i].WebhookSecret is { Length: < 16 })
                failures.Add($"Gateway:ApiKeys:{i}:WebhookSecret must have at least 16 characters.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsHash(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);
}
