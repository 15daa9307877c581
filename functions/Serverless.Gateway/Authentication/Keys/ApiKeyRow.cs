using Azure;
using Azure.Data.Tables;

namespace Serverless.Gateway.Authentication.Keys;

/// <summary>A key as it rests in its table: of the key itself only the hash is known.</summary>
internal sealed class ApiKeyRow : ITableEntity
{
    public const string Partition = "key";
    public const string AllModels = "*";
    public const string IdPrefix = "key_";
    public const int IdDigits = 24;

    public string PartitionKey { get; set; } = Partition;

    /// <summary>SHA-256 of the key, 64 hex digits.</summary>
    public required string RowKey { get; set; }

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    /// <summary>Whose key it is.</summary>
    public string Tenant { get; set; } = "";

    /// <summary>What its holder calls it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Names of <see cref="Authentication.Operations"/> with a comma between.</summary>
    public string Operations { get; set; } = "";

    /// <summary>Names of models with a comma between, or <c>*</c>.</summary>
    public string Models { get; set; } = AllModels;

    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>From when on it is no longer valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>Id of the key that took its place.</summary>
    public string? ReplacedBy { get; set; }

    /// <summary>96 bits of the hash of 256 random ones: they name the key and bring nobody closer to it.</summary>
    public string Id => IdPrefix + RowKey[..IdDigits];

    public bool IsValidAt(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);

    public Caller ToCaller() => new(Tenant, OperationNames.Parse(Operations.Split(',')))
    {
        Credential = Id,
        Models = Models == AllModels ? null : Models.Split(','),
    };
}
