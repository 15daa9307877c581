namespace Serverless.Topology.Azurite;

/// <summary>The ports of Azurite's three services.</summary>
/// <param name="Blob">Blob service.</param>
/// <param name="Queue">Queue service.</param>
/// <param name="Table">Table service.</param>
public sealed record AzuritePorts(int Blob, int Queue, int Table)
{
    // Azurite's published development account; its key is the same on every machine and protects nothing.
    private const string Account = "devstoreaccount1";
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The ports that <c>UseDevelopmentStorage=true</c> means.</summary>
    public static AzuritePorts Usual { get; } = new(10000, 10001, 10002);

    /// <summary>Connection string of the development account on these ports.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};"
        + $"BlobEndpoint=http://127.0.0.1:{Blob}/{Account};"
        + $"QueueEndpoint=http://127.0.0.1:{Queue}/{Account};"
        + $"TableEndpoint=http://127.0.0.1:{Table}/{Account};";
}
