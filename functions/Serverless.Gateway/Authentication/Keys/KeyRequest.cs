using System.Text.Json;
using Serverless.Contracts.Costs;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Gateway.Authentication.Keys;

/// <summary>The body of <c>POST /v1/admin/keys</c>.</summary>
/// <param name="Tenant">Whose key it is to be; required.</param>
/// <param name="Name">What its holder calls it; the tenant unless given.</param>
/// <param name="Operations">What it may do; <c>read</c>, <c>infer</c> and <c>write</c> unless given.</param>
/// <param name="Models">Names of models; all unless given.</param>
/// <param name="ExpiresInDays">After how many days it ends, 1 to 3650; never unless given.</param>
internal sealed record KeyRequest(
    string? Tenant = null, string? Name = null, string[]? Operations = null, string[]? Models = null, int? ExpiresInDays = null)
{
    private const int LongestName = 64;
    private const int MostModels = 100;

    /// <exception cref="InferenceException">What is wrong with it.</exception>
    public static KeyRequest Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, KeyJsonContext.Default.KeyRequest) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new InferenceException(
                ErrorKind.InvalidRequest, "The body must be a JSON object with 'tenant', 'name', 'operations', 'models' and 'expires_in_days'.",
                inner: exception);
        }
    }

    /// <summary>The row for a key with this hash.</summary>
    /// <exception cref="InferenceException">What is wrong with the request.</exception>
    public ApiKeyRow ToRow(KeyHash hash, DateTimeOffset now)
    {
        Check(Tenant, "tenant");
        if (CostTables.IsReserved(Tenant!))
            throw Invalid("tenant", $"'{Tenant}' is no name for a tenant: costs that are nobody's are booked to it.");
        Check(Name ?? Tenant, "name");
        var operations = Operations is null ? Authentication.Operations.Data : OperationNames.Parse(Operations);
        if (operations == Authentication.Operations.None)
            throw Invalid("operations", $"'operations' must be some of {OperationNames.Known}.");
        if (ExpiresInDays is < 1 or > 3650)
            throw Invalid("expires_in_days", "'expires_in_days' must be from 1 to 3650.");
        return new ApiKeyRow
        {
            RowKey = hash.ToString(),
            Tenant = Tenant!,
            Name = Name ?? Tenant!,
            Operations = string.Join(',', OperationNames.Of(operations)),
            Models = ModelsText(),
            CreatedAt = now,
            ExpiresAt = ExpiresInDays is { } days ? now.AddDays(days) : null,
        };
    }

    private string ModelsText()
    {
        if (Models is null or [ApiKeyRow.AllModels])
            return ApiKeyRow.AllModels;
        if (Models.Length is 0 or > MostModels || !Models.All(ModelName.IsValid))
            throw Invalid("models", $"'models' must be '*' or 1 to {MostModels} names of models, without versions.");
        return string.Join(',', Models.Distinct());
    }

    private static void Check(string? name, string field)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.Any(char.IsControl) || name.StartsWith("entra:", StringComparison.Ordinal))
            throw Invalid(field, $"'{field}' must have 1 to {LongestName} characters and not begin with 'entra:'.");
    }

    private static InferenceException Invalid(string field, string message) => new(ErrorKind.InvalidRequest, message, field);
}
