namespace Serverless.Gateway.Batches.Maintenance;

/// <summary>What a run of maintenance did.</summary>
/// <param name="Batches">Active batches looked at.</param>
/// <param name="DeadLetters">Dead letters handled.</param>
/// <param name="Poisoned">Poison messages handled.</param>
/// <param name="ExpiredFiles">Files deleted because their time was over.</param>
/// <param name="ExpiredOperations">Asynchronous requests deleted with their answers because their time was over.</param>
/// <param name="Failures">Parts that failed and are tried again by the next run.</param>
internal sealed record MaintenanceReport(int Batches, int DeadLetters, int Poisoned, int ExpiredFiles, int ExpiredOperations, int Failures);
