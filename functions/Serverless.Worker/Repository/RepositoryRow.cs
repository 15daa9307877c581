using System.Globalization;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Repository;

/// <summary>A version in the repository's index.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Version">The version.</param>
/// <param name="State">Where it stands, in Triton's words, which clients know.</param>
/// <param name="Reason">Why, for people; may be empty.</param>
internal sealed record RepositoryRow(string Name, string Version, string State, string Reason)
{
    private const string Ready = "READY";

    public bool IsReady => State == Ready;

    public static RepositoryRow Of(string name, int version, ModelStatus? status)
    {
        var (state, reason) = status?.State switch
        {
            null => ("UNAVAILABLE", "It is not in memory; the first request for it loads it."),
            ModelState.Loading or ModelState.WarmingUp => ("LOADING", status.Reason),
            ModelState.Ready => (Ready, status.Reason),
            ModelState.Draining => ("UNLOADING", status.Reason),
            _ => ("UNAVAILABLE", status.Reason),
        };
        return new RepositoryRow(name, version.ToString(CultureInfo.InvariantCulture), state, reason);
    }
}
