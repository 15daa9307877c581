using System.Net;
using Microsoft.Extensions.Options;
using Serverless.Contracts.Errors;
using Serverless.Contracts.Models;
using Serverless.Contracts.Trust;
using Serverless.Trust;

namespace Serverless.Worker.Configuration;

/// <summary>Refuses settings that cannot work before anything starts.</summary>
internal sealed class WorkerOptionsValidator : IValidateOptions<WorkerOptions>
{
    private const long MiB = 1 << 20;

    private static readonly string[] KnownProviders = ["cuda", "tensorrt", "cpu"];

    public ValidateOptionsResult Validate(string? name, WorkerOptions options)
    {
        var faults = Faults(options).Select(fault => $"{WorkerOptions.Section}:{fault}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(WorkerOptions options)
    {
        foreach (var fault in Addresses(options).Concat(Entra(options)))
            yield return fault;
        // Which one, never what it holds.
        for (var i = 0; i < options.GatewayKeys?.Count; i++)
        {
            if (GatewayKey.Parse(options.GatewayKeys[i]) is null)
                yield return $"{nameof(options.GatewayKeys)}:{i} {GatewayKey.Rule}.";
        }

        if (!TryParse(options.MetricsUrl, out _))
            yield return $"{nameof(options.MetricsUrl)} is not an http URL such as http://127.0.0.1:8081: '{options.MetricsUrl}'.";
        // One body is one block of memory, whose length is an int.
        if (options.MaxBodyBytes is < 1024 or > 2_000_000_000)
            yield return $"{nameof(options.MaxBodyBytes)} must be 1024 to 2000000000, not {options.MaxBodyBytes}.";
        if (options.Providers.FirstOrDefault(provider => !KnownProviders.Contains(provider)) is { } unknown)
            yield return $"{nameof(options.ExecutionProviders)} holds '{unknown}'; known are {string.Join(", ", KnownProviders)}.";
        if (options.RequireGpu && options.Providers.All(provider => provider == "cpu"))
            yield return $"{nameof(options.RequireGpu)} is set, but ExecutionProviders names no GPU provider (cuda, tensorrt).";
        if (options.QueueCapacity is < 1 or > 100_000)
            yield return $"{nameof(options.QueueCapacity)} must be 1 to 100000, not {options.QueueCapacity}.";
        if (options.QueueBytes < MiB)
            yield return $"{nameof(options.QueueBytes)} must be {MiB} at least, not {options.QueueBytes}.";
        if (options.Instances is < 1 or > 64)
            yield return $"{nameof(options.Instances)} must be 1 to 64, not {options.Instances}.";
        if (options.IntraOpThreads is < 1 or > 256)
            yield return $"{nameof(options.IntraOpThreads)} must be 1 to 256, not {options.IntraOpThreads}.";
        if (options.MaxLoadedModels is < 1 or > 1000)
            yield return $"{nameof(options.MaxLoadedModels)} must be 1 to 1000, not {options.MaxLoadedModels}.";
        if (options.RequestTimeout < TimeSpan.FromSeconds(1) || options.RequestTimeout > TimeSpan.FromHours(1))
            yield return $"{nameof(options.RequestTimeout)} must be 00:00:01 to 01:00:00, not {options.RequestTimeout}.";
        if (options.DrainTime < TimeSpan.Zero || options.DrainTime > TimeSpan.FromMinutes(10))
            yield return $"{nameof(options.DrainTime)} must be 00:00:00 to 00:10:00, not {options.DrainTime}.";
        if (options.MemoryBudgetBytes < MiB)
            yield return $"{nameof(options.MemoryBudgetBytes)} must be {MiB} at least, not {options.MemoryBudgetBytes}.";
        if (options.CacheBytes < MiB)
            yield return $"{nameof(options.CacheBytes)} must be {MiB} at least, not {options.CacheBytes}.";
        foreach (var fault in Stages(options))
            yield return fault;
        foreach (var fault in References(nameof(options.Preload), options.Preload, aliases: true))
            yield return fault;
        foreach (var fault in References(nameof(options.Pinned), options.Pinned, aliases: false))
            yield return fault;
    }

    private static IEnumerable<string> Addresses(WorkerOptions options)
    {
        foreach (var (name, text) in new[] { (nameof(options.Url), options.Url), (nameof(options.GrpcUrl), options.GrpcUrl) })
        {
            // Without gRPC the worker is whole; without HTTP it is not.
            if (text.Length == 0 && name == nameof(options.GrpcUrl))
                continue;
            if (!TryParse(text, out var url))
                yield return $"{name} is not an http URL such as http://127.0.0.1:8080: '{text}'.";
            else if (!options.KnowsGateway && !options.TrustNetwork && !IsLoopback(url))
            {
                yield return $"{name} must be a loopback address: the worker does not authenticate its callers, so '{text}' would serve anybody. "
                    + $"Set {nameof(options.GatewayKeys)}, or {nameof(options.TrustNetwork)} where the network lets only the gateway in.";
            }
        }
    }

    private static IEnumerable<string> Entra(WorkerOptions options)
    {
        if (options.EntraAuthority is not { } authority)
            yield break;
        if (!EntraTokenValidator.IsSafe(authority))
            yield return $"{nameof(options.EntraAuthority)} must be an https URL.";
        if (string.IsNullOrWhiteSpace(options.EntraAudience))
            yield return $"{nameof(options.EntraAudience)} is missing: the id of the app registration that stands for the worker.";
        // Whoever may have a token for the worker would be its gateway otherwise.
        if (!Guid.TryParse(options.EntraGateway, out _))
            yield return $"{nameof(options.EntraGateway)} must be the object id of the gateway's identity, a GUID.";
        if (options.GatewayKeys is { Count: > 0 })
            yield return $"{nameof(options.GatewayKeys)} and {nameof(options.EntraAuthority)} exclude each other: the gateway is known in one way.";
    }

    private static IEnumerable<string> Stages(WorkerOptions options)
    {
        // Workers know one another by the keys that they share with the gateway; an Entra token is the gateway's alone.
        if (options is { Stages.Count: > 0, EntraAuthority: not null })
            yield return $"{nameof(options.Stages)} needs {nameof(options.GatewayKeys)} in place of {nameof(options.EntraAuthority)}.";
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Stages?.Count; i++)
        {
            var (setting, stage) = ($"{nameof(options.Stages)}:{i}", options.Stages[i]);
            if (!ModelName.IsValid(stage.Name))
                yield return $"{setting}:{nameof(stage.Name)} must match {ModelName.Pattern}, not '{stage.Name}'.";
            else if (!names.Add(stage.Name))
                yield return $"{setting}:{nameof(stage.Name)} is '{stage.Name}', which is there already.";
            if (!Uri.TryCreate(stage.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.AbsolutePath != "/")
                yield return $"{setting}:{nameof(stage.Url)} is not the URL of a worker, such as http://second:8080: '{stage.Url}'.";
        }
    }

    private static IEnumerable<string> References(string setting, IList<string>? models, bool aliases)
    {
        var forms = aliases ? "name, name:version or name:alias" : "name or name:version";
        for (var i = 0; i < models?.Count; i++)
        {
            if (!IsReference(models[i], aliases))
                yield return $"{setting}:{i} must be {forms}, not '{models[i]}'.";
        }
    }

    private static bool IsReference(string text, bool aliases)
    {
        try
        {
            return ModelReference.Parse(text).Alias is null || aliases;
        }
        catch (InferenceException)
        {
            return false;
        }
    }

    private static bool TryParse(string text, out Uri url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url!) && url.Scheme == Uri.UriSchemeHttp && url.AbsolutePath == "/";

    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
