using System.Transactions;

namespace Serverless.ServiceBusEmulator.Tests.Transactions;

/// <summary>
/// A transaction of the official client. Under load that takes another command's answer for its declaration's now and then, against Azure as
/// well (https://github.com/Azure/azure-amqp/issues/262): nothing was done then, and it is begun again.
/// </summary>
internal static class ClientTransaction
{
    private const int MaxTries = 3;

    public static TransactionScope Begin() => new(TransactionScopeAsyncFlowOption.Enabled);

    public static Task CommitAsync(Func<Task> work) => RunAsync(work, commits: true);

    public static Task RollBackAsync(Func<Task> work) => RunAsync(work, commits: false);

    private static async Task RunAsync(Func<Task> work, bool commits)
    {
        for (var tries = 1; ; tries++)
        {
            using var scope = Begin();
            try
            {
                await work();
            }
            catch (InvalidCastException) when (tries < MaxTries)
            {
                continue;
            }

            if (commits)
                scope.Complete();
            return;
        }
    }
}
