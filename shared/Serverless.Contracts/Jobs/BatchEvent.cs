namespace Serverless.Contracts.Jobs;

/// <summary>
/// A hint in the storage queue <see cref="Queues.QueueNames.BatchEvents"/> that a batch should be looked at; JSON, see <see cref="JobJson"/>.
/// It carries no figures: what was done is read from the segments, so a lost or doubled event changes nothing but the time.
/// </summary>
/// <param name="Batch">The batch's id; the operation's id for <see cref="BatchEventKind.Answered"/>.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Shard">The shard's number; null for <see cref="BatchEventKind.Check"/>.</param>
/// <param name="Epoch">The epoch of the message that the worker had; 0 for <see cref="BatchEventKind.Check"/>.</param>
/// <param name="Owner">Whose operation it is, for <see cref="BatchEventKind.Answered"/> (see <see cref="Queues.AsyncOperations.OwnerProperty"/>).</param>
/// <param name="TraceParent">The trace that it belongs to, as W3C <c>traceparent</c>; null for none.</param>
public sealed record BatchEvent(string Batch, BatchEventKind Kind, int? Shard = null, int Epoch = 0, string? Owner = null, string? TraceParent = null);
