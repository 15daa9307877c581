using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Inference.Lifecycle;

/// <summary>Which hundredth of a model's requests one belongs to: what decides between the versions of an alias.</summary>
public readonly record struct TrafficSlice
{
    private TrafficSlice(int hundredth) => Hundredth = hundredth;

    /// <summary>0 to 99. A canary of weight 10 answers those below 10, so that more weight takes no request away from it.</summary>
    public int Hundredth { get; }

    /// <summary>Any, for a request that may go to either version.</summary>
    public static TrafficSlice Random() => new(System.Random.Shared.Next(100));

    /// <summary>The same in every process for requests of one tenant with the same key.</summary>
    /// <param name="model">The model's name: who gets the canary of one gets not those of all.</param>
    /// <param name="tenant">On whose behalf the request runs.</param>
    /// <param name="key">What the caller says belongs together.</param>
    public static TrafficSlice Of(string model, string? tenant, string key)
    {
        // Neither names nor tenants have line breaks, so no two of these read the same.
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{model}\n{tenant}\n{key}"));
        return new TrafficSlice((int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % 100));
    }
}
