namespace Serverless.Cli.Top;

/// <summary>A model of the store.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its newest version.</param>
internal sealed record ModelRow(string Name, int Version);
