namespace Serverless.Gateway.Authentication;

/// <summary>An API key as it rests in configuration: only its hash is known.</summary>
internal sealed class ApiKey
{
    /// <summary>The tenant; appears in logs and metrics.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of the key's UTF-8 bytes, 64 hex digits.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>Whether the key may also use operators' endpoints; false unless set.</summary>
    public bool Operator { get; set; }

    /// <summary>Share of the key's batches in the shards that are worked on, 1 to 100; 1 unless set.</summary>
    public int Weight { get; set; } = 1;

    /// <summary>Signs the webhooks of the key's batches; without one they have none. At least 16 characters.</summary>
    public string? WebhookSecret { get; set; }
}
