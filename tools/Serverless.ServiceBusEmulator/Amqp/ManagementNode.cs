using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Encoding;
using Microsoft.Azure.Amqp.Framing;
using Serverless.ServiceBusEmulator.Entities;

namespace Serverless.ServiceBusEmulator.Amqp;

/// <summary>$management: everything that clients do with messages other than sending, receiving and settling on a link.</summary>
internal sealed partial class ManagementNode(Broker broker, ILogger logger) : RequestNode<ManagementTarget>
{
    private readonly RuleOperations _rules = new(broker);

    protected override async Task<AmqpMessage> HandleAsync(AmqpMessage request, ManagementTarget target)
    {
        try
        {
            if (request.Transactional())
            {
                throw new BrokerException(
                    BrokerError.NotSupported,
                    "Scheduling, and settling deferred messages, cannot be part of a transaction here.");
            }

            var operation = PropertyOf(request, "operation")
                ?? throw new BrokerException(BrokerError.InvalidArgument, "The request has no 'operation'.");
            var arguments = new ManagementArguments(request.ValueBody?.Value as AmqpMap ?? new AmqpMap());
            var result = await RunAsync(operation, target, arguments);
            return result is null ? Reply(204, "NoContent", null) : Reply(200, "OK", result);
        }
        catch (BrokerException refusal)
        {
            return Refuse(refusal);
        }
        catch (Exception exception) when (exception is AmqpException or InvalidCastException or FormatException)
        {
            return Refuse(new BrokerException(BrokerError.InvalidArgument, $"The request cannot be read: {exception.Message}"));
        }
        catch (Exception exception)
        {
            LogFailed(exception);
            return Refuse(new BrokerException(BrokerError.Internal, "The emulator failed; its log says how."));
        }
    }

    private Task<AmqpMap?> RunAsync(string operation, ManagementTarget target, ManagementArguments arguments) => operation switch
    {
        "com.microsoft:renew-lock" => MessageOperations.RenewLockAsync(target, arguments),
        "com.microsoft:update-disposition" => MessageOperations.SettleAsync(target, arguments),
        "com.microsoft:peek-message" => MessageOperations.PeekAsync(target, arguments),
        "com.microsoft:receive-by-sequence-number" => MessageOperations.ReceiveDeferredAsync(target, arguments),
        "com.microsoft:schedule-message" => MessageOperations.ScheduleAsync(target, arguments),
        "com.microsoft:cancel-scheduled-message" => MessageOperations.CancelScheduledAsync(target, arguments),
        "com.microsoft:batch-delete-messages" => MessageOperations.DeleteAsync(target, arguments),
        "com.microsoft:renew-session-lock" => SessionOperations.RenewAsync(target, arguments),
        "com.microsoft:get-session-state" => SessionOperations.GetStateAsync(target, arguments),
        "com.microsoft:set-session-state" => SessionOperations.SetStateAsync(target, arguments),
        "com.microsoft:get-message-sessions" => SessionOperations.ListAsync(target, arguments),
        "com.microsoft:add-rule" => _rules.AddAsync(target, arguments),
        "com.microsoft:remove-rule" => _rules.RemoveAsync(target, arguments),
        "com.microsoft:enumerate-rules" => RuleOperations.ListAsync(target, arguments),
        _ => throw new BrokerException(BrokerError.NotSupported, $"The operation '{operation}' is not supported."),
    };

    private static AmqpMessage Refuse(BrokerException refusal)
    {
        var reply = Reply(refusal.Error.StatusCode(), refusal.Message, null);
        reply.ApplicationProperties.Map["errorCondition"] = refusal.Error.Condition();
        return reply;
    }

    private static AmqpMessage Reply(int statusCode, string description, AmqpMap? body)
    {
        var reply = AmqpMessage.Create(new AmqpValue { Value = body ?? new AmqpMap() });
        reply.ApplicationProperties.Map["statusCode"] = statusCode;
        reply.ApplicationProperties.Map["statusDescription"] = description;
        return reply;
    }

    [LoggerMessage(30, LogLevel.Error, "A management request failed")]
    private partial void LogFailed(Exception exception);
}
