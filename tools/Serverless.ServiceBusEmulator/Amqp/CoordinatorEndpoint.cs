using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Transactions;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>A client's link to the coordinator: it declares transactions and discharges them.</summary>
internal sealed partial class CoordinatorEndpoint(ReceivingAmqpLink link, ILogger logger)
{
    public static void Serve(ReceivingAmqpLink link, ILogger logger)
    {
        link.Settings.MaxMessageSize = RequestLimits.MaxBytes;
        var endpoint = new CoordinatorEndpoint(link, logger);
        link.RegisterMessageListener(message => _ = endpoint.AnswerAsync(message));
    }

    private async Task AnswerAsync(AmqpMessage message)
    {
        try
        {
            link.DisposeDelivery(message, settled: true, await RunAsync(message.ValueBody?.Value));
        }
        catch (BrokerException refusal)
        {
            Refuse(message, refusal);
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            Refuse(message, new BrokerException(BrokerError.Internal, "The emulator failed; its log says how."));
        }
    }

    private async Task<Outcome> RunAsync(object? command)
    {
        var transactions = ConnectionTransactions.Of(link);
        switch (command)
        {
            case Declare:
                return new Declared { TxnId = new ArraySegment<byte>(transactions.Declare().ToByteArray()) };
            case Discharge discharge:
                await transactions.DischargeAsync(discharge.TxnId, discharge.Fail == true);
                return AmqpConstants.AcceptedOutcome;
            default:
                throw new BrokerException(BrokerError.InvalidArgument, "The coordinator takes declare and discharge.");
        }
    }

    private void Refuse(AmqpMessage message, BrokerException refusal) =>
        link.DisposeDelivery(message, settled: true, new Rejected { Error = refusal.ToAmqp().Error });

    [LoggerMessage(50, LogLevel.Error, "A transaction failed")]
    private partial void LogFailed(Exception exception);
}
