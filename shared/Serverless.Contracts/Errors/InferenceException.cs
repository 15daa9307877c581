namespace Serverless.Contracts.Errors;

/// <summary>Carries an <see cref="InferenceError"/> up to the endpoint that answers it.</summary>
public sealed class InferenceException(InferenceError error, Exception? inner = null) : Exception(error.Message, inner)
{
    /// <summary>A failure of <paramref name="kind"/>, see <see cref="InferenceError"/> for the parameters.</summary>
    public InferenceException(ErrorKind kind, string message, string? param = null, Exception? inner = null)
        : this(new InferenceError(kind, message, param), inner)
    {
    }

    /// <summary>What the caller is told.</summary>
    public InferenceError Error { get; } = error;
}
