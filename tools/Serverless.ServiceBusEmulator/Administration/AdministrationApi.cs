using System.Globalization;
using System.Xml.Linq;
using Serverless.ServiceBusEmulator.Amqp;
using Serverless.ServiceBusEmulator.Entities;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Administration;

/// <summary>What the HTTP port serves: the administration protocol, health and metrics.</summary>
internal sealed partial class AdministrationApi(Broker broker, ConnectionLimits limits, ILogger<AdministrationApi> logger)
{
    private const string AtomType = "application/atom+xml; charset=utf-8";
    private const int DefaultPage = 100;
    private const int LargestPage = 1000;

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context, AdministrationTarget.Parse(context.Request.Path.Value ?? string.Empty));
        }
        catch (BrokerException refusal)
        {
            await RefuseAsync(context, refusal.Error.StatusCode(), refusal.Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogFailed(exception);
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "The emulator failed; its log says how.");
        }
    }

    private Task RouteAsync(HttpContext context, AdministrationTarget target) => (context.Request.Method, target.Kind) switch
    {
        ("GET", AdministrationTargetKind.Health) => TextAsync(
            context, "application/json", """{"status":"healthy","message":"Service is healthy."}"""),
        ("GET", AdministrationTargetKind.Metrics) => TextAsync(context, MetricsText.ContentType, MetricsText.Write(broker, limits)),
        ("GET", AdministrationTargetKind.Namespace) => XmlAsync(context, NamespaceInfo()),
        ("GET", AdministrationTargetKind.Queues) => ListAsync(context, "Queues", broker.Entities.OfType<QueueEntity>()),
        ("GET", AdministrationTargetKind.Topics) => ListAsync(context, "Topics", broker.Entities.OfType<TopicEntity>()),
        ("GET", AdministrationTargetKind.Subscriptions) => ListSubscriptionsAsync(context, target.Path),
        ("GET", AdministrationTargetKind.Rules) => ListRulesAsync(context, target.Path),
        ("GET", AdministrationTargetKind.Rule) => GetRuleAsync(context, target),
        ("GET", AdministrationTargetKind.Entity) => XmlAsync(context, EntityXml.Write(broker.Require(target.Path))),
        ("PUT", AdministrationTargetKind.Rule) => PutRuleAsync(context, target),
        ("PUT", AdministrationTargetKind.Entity) => PutEntityAsync(context, target.Path),
        ("DELETE", AdministrationTargetKind.Rule) => DeleteRuleAsync(context, target),
        ("DELETE", AdministrationTargetKind.Entity) => broker.DeleteAsync(target.Path, context.RequestAborted),
        _ => RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, $"{context.Request.Method} is not allowed here."),
    };

    private async Task PutEntityAsync(HttpContext context, string path)
    {
        var isUpdate = context.Request.Headers.IfMatch.Count > 0;
        var kind = isUpdate ? broker.Require(path).Description.Kind : await KindOfAsync(context, path);
        var element = await Atom.ReadAsync(Body(context), EntityXml.ElementName(kind), context.RequestAborted);
        var entity = isUpdate
            ? await broker.UpdateAsync(path, current => Change(current, element), context.RequestAborted)
            : await broker.CreateAsync(Describe(kind, path, element), context.RequestAborted);
        context.Response.StatusCode = isUpdate ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        await XmlAsync(context, EntityXml.Write(entity));
    }

    private static EntityDescription Change(EntityDescription current, XElement element)
    {
        // A setting that an update leaves out goes back to its default, except for the forwards: those are then removed.
        var options = EntityXml.Read(element, current.Options with { ForwardTo = null, ForwardDeadLetteredMessagesTo = null });
        if (options.RequiresSession != current.Options.RequiresSession
            || options.RequiresDuplicateDetection != current.Options.RequiresDuplicateDetection)
        {
            throw new BrokerException(
                BrokerError.InvalidArgument, "RequiresSession and RequiresDuplicateDetection cannot change after an entity was created.");
        }

        return current with { Options = options };
    }

    private static EntityDescription Describe(EntityKind kind, string path, XElement element) => new()
    {
        Kind = kind,
        Path = path,
        Options = EntityXml.Read(element, new Queues.QueueOptions()),
        Rules = element.Element(Atom.ServiceBus + "DefaultRuleDescription") is { } rule ? [RuleXml.Read(rule, null)] : [],
    };

    /// <summary>A queue and a topic have the same URL: the body says which is meant.</summary>
    private static async Task<EntityKind> KindOfAsync(HttpContext context, string path)
    {
        if (path.Contains("/Subscriptions/", StringComparison.OrdinalIgnoreCase))
            return EntityKind.Subscription;
        context.Request.EnableBuffering();
        using var reader = new StreamReader(context.Request.Body, leaveOpen: true);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        context.Request.Body.Position = 0;
        return text.Contains("TopicDescription", StringComparison.Ordinal) ? EntityKind.Topic : EntityKind.Queue;
    }

    private async Task PutRuleAsync(HttpContext context, AdministrationTarget target)
    {
        var element = await Atom.ReadAsync(Body(context), "RuleDescription", context.RequestAborted);
        var rule = RuleXml.Read(element, target.Rule) with { CreatedAt = broker.Time.GetUtcNow() };
        var isUpdate = context.Request.Headers.IfMatch.Count > 0;
        await broker.ChangeRulesAsync(
            target.Path,
            rules =>
            {
                if (isUpdate)
                    rules.Replace(rule);
                else
                    rules.Add(rule);
            },
            context.RequestAborted);
        context.Response.StatusCode = isUpdate ? StatusCodes.Status200OK : StatusCodes.Status201Created;
        await XmlAsync(context, RuleXml.Write(rule));
    }

    private Task DeleteRuleAsync(HttpContext context, AdministrationTarget target) =>
        broker.ChangeRulesAsync(target.Path, rules => rules.Remove(target.Rule), context.RequestAborted);

    private async Task GetRuleAsync(HttpContext context, AdministrationTarget target)
    {
        var rules = RulesOf(target.Path);
        var rule = rules.FirstOrDefault(candidate => candidate.Name.Equals(target.Rule, StringComparison.OrdinalIgnoreCase))
            ?? throw new BrokerException(BrokerError.EntityNotFound, $"There is no rule '{target.Rule}' in '{target.Path}'.");
        await XmlAsync(context, RuleXml.Write(rule));
    }

    private Task ListRulesAsync(HttpContext context, string path) =>
        XmlAsync(context, Atom.Feed("Rules", Page(context, RulesOf(path)).Select(RuleXml.Write)));

    private IReadOnlyList<RuleDescription> RulesOf(string path) => broker.Require(path) is SubscriptionEntity subscription
        ? subscription.Description.Rules
        : throw new BrokerException(BrokerError.NotAllowed, $"'{path}' is not a subscription: it has no rules.");

    private Task ListSubscriptionsAsync(HttpContext context, string topic)
    {
        broker.Require(topic);
        var prefix = $"{topic}/Subscriptions/";
        return ListAsync(context, "Subscriptions", broker.Entities.OfType<SubscriptionEntity>()
            .Where(subscription => subscription.Path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)));
    }

    private static Task ListAsync(HttpContext context, string title, IEnumerable<Entity> entities) =>
        XmlAsync(context, Atom.Feed(title, Page(context, entities).Select(EntityXml.Write)));

    private static IEnumerable<T> Page<T>(HttpContext context, IEnumerable<T> items) =>
        items.Skip(Number(context, "$skip", 0)).Take(Math.Min(Number(context, "$top", DefaultPage), LargestPage));

    private static int Number(HttpContext context, string name, int otherwise) =>
        int.TryParse(context.Request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;

    private XElement NamespaceInfo()
    {
        var now = broker.Time.GetUtcNow().UtcDateTime;
        return Atom.Entry("emulator", new XElement(
            Atom.ServiceBus + "NamespaceInfo",
            new XElement(Atom.ServiceBus + "CreatedTime", now),
            new XElement(Atom.ServiceBus + "MessagingSKU", "Standard"),
            new XElement(Atom.ServiceBus + "ModifiedTime", now),
            new XElement(Atom.ServiceBus + "Name", "emulator"),
            new XElement(Atom.ServiceBus + "NamespaceType", "Messaging")));
    }

    private static Stream Body(HttpContext context) => context.Request.Body;

    private static Task XmlAsync(HttpContext context, XElement element) => TextAsync(context, AtomType, element.ToString());

    private static Task TextAsync(HttpContext context, string contentType, string text)
    {
        context.Response.ContentType = contentType;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, int statusCode, string message)
    {
        context.Response.StatusCode = statusCode;
        return TextAsync(context, "application/xml; charset=utf-8", Atom.Error(statusCode, message).ToString());
    }

    [LoggerMessage(40, LogLevel.Error, "An administration request failed")]
    private partial void LogFailed(Exception exception);
}
