using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Gateway.Authentication;

/// <summary>Who sent a request.</summary>
/// <param name="Name">Name of the tenant: whose files, batches, limits and metrics these are.</param>
/// <param name="Allowed">What it may do.</param>
/// <param name="Weight">Its share when batches of several callers compete.</param>
internal sealed record Caller(string Name, Operations Allowed, int Weight = 1)
{
    /// <summary>What who shows a key of the configuration has shown.</summary>
    public const string Configured = "configuration";

    /// <summary>What it showed: the id of a key, <see cref="Configured"/>, or <c>entra</c>.</summary>
    public string Credential { get; init; } = Configured;

    /// <summary>Names of the models that it may use; null for all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <exception cref="InferenceException"><see cref="ErrorKind.Forbidden"/>.</exception>
    public void Check(Operations needed)
    {
        if (Allowed.HasFlag(needed))
            return;
        throw new InferenceException(ErrorKind.Forbidden, needed == Operations.Admin
            ? "This key may not use operators' endpoints."
            : $"This key may not do that: it lacks '{string.Join(", ", OperationNames.Of(needed))}'.");
    }

    /// <summary>Whether the model of this name, in whatever version, is open to it.</summary>
    public bool MayUse(string model) => Models?.Contains(model, StringComparer.Ordinal) != false;

    /// <summary>Refuses a model that is not open to it.</summary>
    /// <exception cref="InferenceException"><see cref="ErrorKind.Forbidden"/>.</exception>
    public void Check(ModelReference model)
    {
        if (!MayUse(model.Name))
            throw new InferenceException(ErrorKind.Forbidden, $"This key may not use the model '{model.Name}'.", "model");
    }
}
