namespace Serverless.Scaling;

/// <summary>The numbers by which the platform scales, read from <c>infra/scale.json</c>, which Bicep reads too.</summary>
/// <param name="Worker">How the worker scales.</param>
/// <param name="Gateway">Limits of the gateway.</param>
public sealed record ScaleRules(WorkerScale Worker, GatewayScale Gateway)
{
    /// <summary>Reads the file strictly: what is unknown, missing or out of range is refused.</summary>
    /// <exception cref="ScaleRulesException">The file cannot be read as rules; the message names the member and what is allowed.</exception>
    public static ScaleRules Load(string path)
    {
        try
        {
            return ScaleRulesReader.Read(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is ScaleRulesException or IOException or UnauthorizedAccessException)
        {
            throw new ScaleRulesException($"{path}: {exception.Message}", exception);
        }
    }
}
