namespace Serverless.Topology.Processes;

/// <summary>How one service of the platform is started, whoever starts it.</summary>
/// <param name="Name">Short name for people: <c>worker</c>, <c>functions</c>, <c>azurite</c>.</param>
/// <param name="Program">The executable.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="WorkingDirectory">Its working directory.</param>
/// <param name="Environment">Variables added to the starter's own.</param>
/// <param name="Ready">The URL that answers once the service is ready.</param>
/// <param name="AnyStatusIsReady">Whether any HTTP answer of <paramref name="Ready"/> counts, not only a success.</param>
public sealed record ServiceCommand(
    string Name,
    string Program,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment,
    Uri Ready,
    bool AnyStatusIsReady = false);
