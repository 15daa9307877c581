using System.Net;
using Microsoft.Extensions.Options;

namespace Serverless.ContainerHost.Settings;

/// <summary>Refuses settings that cannot work before anything starts.</summary>
internal sealed class ContainerHostOptionsValidator : IValidateOptions<ContainerHostOptions>
{
    public ValidateOptionsResult Validate(string? name, ContainerHostOptions options)
    {
        var faults = Faults(options).Select(fault => $"{ContainerHostOptions.Section}:{fault}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(ContainerHostOptions options)
    {
        foreach (var (name, text) in new[] { (nameof(options.Url), options.Url), (nameof(options.ManagementUrl), options.ManagementUrl) })
        {
            if (!IsLoopback(text))
                yield return $"{name} must be an http URL of the loopback interface with a port, such as http://127.0.0.1:8090, not '{text}'.";
        }

        if (options.ScaleFile.Length == 0)
            yield return $"{nameof(options.ScaleFile)} is missing: the path of infra/scale.json.";
        if (options.MaxReplicas is < 1 or > 1000)
            yield return $"{nameof(options.MaxReplicas)} must be 1 to 1000, not {options.MaxReplicas}.";
        if (options.Speed is not (>= 1 and <= 100))
            yield return $"{nameof(options.Speed)} must be 1 to 100, not {options.Speed}.";
        foreach (var fault in Faults(options.Replica))
            yield return $"{nameof(options.Replica)}:{fault}";
    }

    private static IEnumerable<string> Faults(ReplicaTemplate replica)
    {
        if (replica.Name.Length is 0 or > 32 || !replica.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            yield return $"{nameof(replica.Name)} must be 1 to 32 of a-z, 0-9 and '-', not '{replica.Name}'.";
        if (replica.Program.Length == 0)
            yield return $"{nameof(replica.Program)} is missing: what to start as a replica, for example dotnet.";
        if (!Directory.Exists(replica.WorkingDirectory))
            yield return $"{nameof(replica.WorkingDirectory)} must be a folder that exists, not '{replica.WorkingDirectory}'.";
        for (var i = 0; i < replica.Environment.Count; i++)
        {
            if (replica.Environment[i].Name is "" or ['=', ..])
                yield return $"{nameof(replica.Environment)}:{i}:{nameof(ReplicaVariable.Name)} is missing.";
        }
    }

    private static bool IsLoopback(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && url.Scheme == Uri.UriSchemeHttp && url.AbsolutePath == "/" && url.Port > 0
        && IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address);
}
