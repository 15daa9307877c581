using Microsoft.Extensions.Options;
using Serverless.Trust;

namespace Serverless.Gateway.Authentication.Entra;

internal sealed class EntraOptionsValidator : IValidateOptions<EntraOptions>
{
    public ValidateOptionsResult Validate(string? name, EntraOptions options)
    {
        if (options.Authority is not { } authority)
            return ValidateOptionsResult.Success;
        var failures = new List<string>();
        if (!EntraTokenValidator.IsSafe(authority))
            failures.Add("Gateway:Entra:Authority must be an https URL.");
        if (string.IsNullOrWhiteSpace(options.Audience))
            failures.Add("Gateway:Entra:Audience is missing: the id of the gateway's app registration.");
        if (string.IsNullOrWhiteSpace(options.TenantClaim))
            failures.Add("Gateway:Entra:TenantClaim must name a claim.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
