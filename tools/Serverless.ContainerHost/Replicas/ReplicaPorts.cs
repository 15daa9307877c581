namespace Serverless.ContainerHost.Replicas;

/// <summary>The ports of one replica.</summary>
internal readonly record struct ReplicaPorts(int Http, int Metrics, int Grpc);
