using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Transactions;

/// <summary>
/// One send or settlement that waits for the end of its transaction. <see cref="Prepare"/> checks that it can be done, and
/// throws if not; what it returns does it and cannot fail.
/// </summary>
internal sealed record TransactionPart(EntityLoop Loop, Func<Action> Prepare);
