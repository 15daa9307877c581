using System.Text.Json;
using System.Text.Json.Serialization;

namespace Serverless.Simulation;

/// <summary>What a simulation supposes of a replica: how it starts, works and costs.</summary>
/// <param name="Concurrency">Requests that a replica works on at once, 1 to 10,000; others queue in it. Default 8.</param>
/// <param name="Service">How long it works on a request.</param>
/// <param name="ColdStart">How long it takes to be ready.</param>
/// <param name="Price">What it costs.</param>
public sealed record ServiceProfile(int Concurrency, ServiceTimes Service, ColdStart ColdStart, ReplicaPrice Price)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
    };

    private static readonly Dictionary<string, QueueProfile> DefaultQueues = new()
    {
        ["inference"] = new QueueProfile(),
        ["shards"] = new QueueProfile(Places: 1, GoesOn: true),
    };

    /// <summary>
    /// What it does with messages, by queue. Default: 16 at once of <c>inference</c>, and of <c>shards</c> one that goes on elsewhere; of a queue
    /// that is not named, as of <c>inference</c>.
    /// </summary>
    public IReadOnlyDictionary<string, QueueProfile> Queues { get; init; } = DefaultQueues;

    /// <summary>The defaults, each with its origin at its member.</summary>
    public static ServiceProfile Default { get; } = new(8, new ServiceTimes(), new ColdStart(), new ReplicaPrice());

    /// <summary>Reads a profile from JSON; what it leaves out has its default.</summary>
    /// <exception cref="ServiceProfileException">It is no profile; the message names file, member and what is allowed.</exception>
    public static ServiceProfile Load(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<ProfileFile>(File.ReadAllBytes(path), Strict) ?? new ProfileFile();
            var profile = new ServiceProfile(
                file.Concurrency ?? Default.Concurrency,
                file.Service ?? Default.Service,
                file.ColdStart ?? Default.ColdStart,
                file.Price ?? Default.Price)
            {
                Queues = DefaultQueues.Concat(file.Queues ?? []).GroupBy(queue => queue.Key).ToDictionary(queue => queue.Key, queue => queue.Last().Value),
            };
            return ProfileLimits.Fault(profile) is { } fault ? throw new ServiceProfileException($"{path}: {fault}") : profile;
        }
        catch (JsonException exception)
        {
            throw new ServiceProfileException($"{path}: {exception.Message}", exception);
        }
    }

    private sealed record ProfileFile(
        int? Concurrency = null,
        ServiceTimes? Service = null,
        ColdStart? ColdStart = null,
        ReplicaPrice? Price = null,
        Dictionary<string, QueueProfile>? Queues = null);
}
