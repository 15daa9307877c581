using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Transaction;
using Microsoft.Azure.Amqp.Transport;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Transactions;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>Gives each link that a client attaches its counterpart here.</summary>
internal sealed partial class LinkRuntime(Broker broker, ConnectionLimits limits, ILogger<LinkRuntime> logger) : IRuntimeProvider
{
    private readonly CbsNode _cbs = new();
    private readonly ManagementNode _management = new(broker, logger);

    public ConnectionLimits Limits => limits;

    public AmqpConnection CreateConnection(
        TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings,
        AmqpConnectionSettings connectionSettings)
    {
        limits.AddConnection();
        var connection = new AmqpConnection(transport, protocolHeader, isInitiator, amqpSettings, connectionSettings);
        connection.Extensions.Add(new ReplyLinks());
        connection.Extensions.Add(new ConnectionTransactions(broker.Time));
        connection.Closed += (_, _) => limits.RemoveConnection();
        return connection;
    }

    public AmqpSession CreateSession(AmqpConnection connection, AmqpSessionSettings settings) => new(connection, settings, this);

    public AmqpLink CreateLink(AmqpSession session, AmqpLinkSettings settings) =>
        settings.IsReceiver() ? new ReceivingAmqpLink(session, settings) : new SendingAmqpLink(session, settings);

    public IAsyncResult BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state)
    {
        var opening = OpenAsync(link);
        var completion = new TaskCompletionSource(state, TaskCreationOptions.RunContinuationsAsynchronously);
        opening.ContinueWith(
            done =>
            {
                if (done.IsFaulted)
                    completion.SetException(Translate(done.Exception.InnerException!));
                else if (done.IsCanceled)
                    completion.SetCanceled();
                else
                    completion.SetResult();
                callback?.Invoke(completion.Task);
            },
            TaskScheduler.Default);
        return completion.Task;
    }

    public void EndOpenLink(IAsyncResult result) => ((Task)result).GetAwaiter().GetResult();

    private async Task OpenAsync(AmqpLink link)
    {
        limits.AddLink();
        link.Closed += (_, _) => limits.RemoveLink();
        switch (link)
        {
            case ReceivingAmqpLink { Settings.Target: Coordinator }:
                CoordinatorEndpoint.Serve((ReceivingAmqpLink)link, logger);
                break;
            case ReceivingAmqpLink receiving:
                OpenReceiving(receiving);
                break;
            case SendingAmqpLink sending:
                await OpenSendingAsync(sending);
                break;
        }
    }

    private void OpenReceiving(ReceivingAmqpLink link)
    {
        var address = AddressOf((link.Settings.Target as Target)?.Address);
        if (IsCbs(address))
        {
            link.Settings.MaxMessageSize = RequestLimits.MaxBytes;
            _cbs.Serve(link, null);
            return;
        }

        var parsed = EntityAddress.Parse(address);
        var entity = broker.Require(parsed.Path);
        if (parsed.IsManagement)
        {
            link.Settings.MaxMessageSize = RequestLimits.MaxBytes;
            _management.Serve(link, new ManagementTarget(entity, parsed.IsDeadLetter));
            return;
        }

        SenderEndpoint.Serve(link, entity);
    }

    private Task OpenSendingAsync(SendingAmqpLink link)
    {
        var address = AddressOf((link.Settings.Source as Source)?.Address);
        if (IsCbs(address) || EntityAddress.Parse(address).IsManagement)
        {
            ReplyLinks.Of(link).Add(link);
            return Task.CompletedTask;
        }

        var parsed = EntityAddress.Parse(address);
        return ReceiverEndpoint.ServeAsync(link, broker.Require(parsed.Path), parsed.IsDeadLetter, logger);
    }

    private static string AddressOf(Address? address) => address?.ToString()
        ?? throw new BrokerException(BrokerError.InvalidArgument, "The link has no address: it must name an entity.");

    private static bool IsCbs(string address) => address.TrimStart('/').Equals("$cbs", StringComparison.OrdinalIgnoreCase);

    private Exception Translate(Exception exception)
    {
        if (exception is BrokerException refusal)
            return refusal.ToAmqp();
        if (exception is not AmqpException)
            LogOpenFailed(exception);
        return exception;
    }

    [LoggerMessage(10, LogLevel.Error, "A link could not be opened")]
    private partial void LogOpenFailed(Exception exception);
}
