using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;

namespace Serverless.Worker.OpenInference;

/// <summary>A model as the protocol's paths name it: <c>NAME</c>, <c>NAME:VERSION</c>, <c>NAME:ALIAS</c> or <c>NAME/versions/N</c>.</summary>
internal static class ModelPath
{
    /// <exception cref="InferenceException"><see cref="ErrorKind.ModelNotFound"/>: no model can have that name or version.</exception>
    public static ModelReference Reference(string name, string? version) =>
        version is null ? ModelReference.Parse(name) : ModelReference.Parse(name, version);
}
