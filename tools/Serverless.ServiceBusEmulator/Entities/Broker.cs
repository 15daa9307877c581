using System.Collections.Concurrent;
using Serverless.ServiceBusEmulator.Queues;
using Serverless.ServiceBusEmulator.Storage;
using Serverless.ServiceBusEmulator.Topics;

namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>The namespace: all entities by name, and their creation, change and removal.</summary>
internal sealed class Broker : IForwardTargets, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Entity> _entities = new(StringComparer.OrdinalIgnoreCase);
    private readonly SemaphoreSlim _changes = new(1, 1);
    private readonly IMessageStore _store;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ContentCache _cache;
    private long _lastId;

    public Broker(IMessageStore store, ContentCache cache, TimeProvider time, ILoggerFactory loggers)
    {
        _store = store;
        _cache = cache;
        _time = time;
        _loggers = loggers;
    }

    public TimeProvider Time => _time;

    public IEnumerable<Entity> Entities => _entities.Values.OrderBy(entity => entity.Path, StringComparer.OrdinalIgnoreCase);

    public Entity? Find(string path) => _entities.GetValueOrDefault(path);

    public Entity Require(string path) => Find(path)
        ?? throw new BrokerException(
            BrokerError.EntityNotFound,
            $"The messaging entity '{path}' could not be found. Entities are declared in Config.json or created over HTTP.");

    /// <summary>Brings back what the store holds. To be called once, before anything else.</summary>
    public void Restore()
    {
        var snapshot = _store.Load();
        var byStore = new Dictionary<long, MessageQueue>();
        foreach (var (id, json) in snapshot.Entities.OrderBy(entry => entry.Key))
        {
            var entity = Register(id, EntityJson.Read(json), isRestoring: true);
            foreach (var queue in entity.Queues)
                byStore.Add(queue.StoreId, queue);
        }

        foreach (var (storeId, reserved) in snapshot.Sequences)
            byStore.GetValueOrDefault(storeId)?.RestoreSequence(reserved);
        foreach (var (storeId, sessionId, state) in snapshot.SessionStates)
            byStore.GetValueOrDefault(storeId)?.RestoreSessionState(sessionId, state);
        foreach (var (storeId, messageId, expires) in snapshot.Duplicates)
            byStore.GetValueOrDefault(storeId)?.RestoreDuplicate(messageId, expires);
        foreach (var record in snapshot.Messages)
            byStore.GetValueOrDefault(RowId.StoreId(record.RowId))?.Restore(record);
    }

    /// <summary>Starts the clocks: what came due while the emulator was down happens now.</summary>
    public void Start()
    {
        foreach (var loop in _entities.Values.Select(entity => entity.Loop).Distinct())
            loop.Post(() => { });
    }

    public async Task<Entity> CreateAsync(EntityDescription description, CancellationToken cancellationToken = default)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            if (Find(description.Path) is not null)
                throw new BrokerException(BrokerError.EntityAlreadyExists, $"The messaging entity '{description.Path}' exists already.");
            EntityRules.Check(description, this);
            var now = _time.GetUtcNow();
            var stamped = description with { CreatedAt = now, UpdatedAt = now, Rules = RulesOf(description, now) };
            var entity = Register(_lastId + 1, stamped);
            await entity.Loop.RunAsync(() => entity.Loop.Write(StoreOperation.PutEntity(entity.Id, EntityJson.Write(stamped))));
            return entity;
        }
        finally
        {
            _changes.Release();
        }
    }

    public async Task<Entity> UpdateAsync(
        string path, Func<EntityDescription, EntityDescription> change, CancellationToken cancellationToken = default)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var entity = Require(path);
            await entity.Loop.RunAsync(() =>
            {
                var changed = change(entity.Description) with { UpdatedAt = _time.GetUtcNow() };
                EntityRules.Check(changed, this);
                entity.Update(changed);
                entity.Loop.Write(StoreOperation.PutEntity(entity.Id, EntityJson.Write(changed)));
            });
            return entity;
        }
        finally
        {
            _changes.Release();
        }
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var entity = Require(path);
            var doomed = entity is TopicEntity topic ? [.. topic.Subscriptions, topic] : new List<Entity> { entity };
            foreach (var one in doomed)
                _entities.TryRemove(one.Path, out _);
            await entity.Loop.RunAsync(() =>
            {
                foreach (var one in doomed)
                {
                    if (one is SubscriptionEntity subscription)
                        (Find(TopicOf(one.Path)) as TopicEntity)?.Remove(subscription);
                    one.Close();
                    entity.Loop.Write(StoreOperation.DeleteEntity(one.Id));
                }
            });
        }
        finally
        {
            _changes.Release();
        }
    }

    public async Task ChangeRulesAsync(string subscriptionPath, Action<RuleSet> change, CancellationToken cancellationToken = default) =>
        await UpdateAsync(
            subscriptionPath,
            description =>
            {
                if (Require(subscriptionPath) is not SubscriptionEntity subscription)
                    throw new BrokerException(BrokerError.NotAllowed, $"'{subscriptionPath}' is not a subscription: it has no rules.");
                change(subscription.Rules);
                return description with { Rules = subscription.Rules.Descriptions };
            },
            cancellationToken);

    private Entity Register(long id, EntityDescription description, bool isRestoring = false)
    {
        _lastId = Math.Max(_lastId, id);
        var entity = Build(id, description, isRestoring);
        _entities[description.Path] = entity;
        return entity;
    }

    private Entity Build(long id, EntityDescription description, bool isRestoring)
    {
        if (description.Kind == EntityKind.Subscription)
        {
            var topic = (TopicEntity)Require(TopicOf(description.Path));
            var subscription = new SubscriptionEntity(id, description, topic.Context, this);
            // While restoring, loops do not run yet.
            if (isRestoring)
                topic.Add(subscription);
            else
                topic.Loop.Post(() => topic.Add(subscription));
            return subscription;
        }

        var loop = new EntityLoop(_store, _time, _loggers.CreateLogger<EntityLoop>());
        var context = new QueueContext(loop, _cache);
        return description.Kind == EntityKind.Topic
            ? new TopicEntity(id, description, context)
            : new QueueEntity(id, description, context, this);
    }

    private static IReadOnlyList<RuleDescription> RulesOf(EntityDescription description, DateTimeOffset now) =>
        description.Kind != EntityKind.Subscription ? []
        : description.Rules.Count > 0 ? [.. description.Rules.Select(rule => rule with { CreatedAt = now })]
        : [new RuleDescription { Name = RuleDescription.DefaultName, CreatedAt = now }];

    private static string TopicOf(string subscriptionPath) =>
        subscriptionPath[..subscriptionPath.IndexOf("/Subscriptions/", StringComparison.OrdinalIgnoreCase)];

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _entities.Values.Select(entity => entity.Loop).Distinct())
        {
            // Not until it is durable: a store that failed never gets there, and the process must be able to end.
            await loop.DrainAsync();
            loop.Dispose();
        }

        await _store.DisposeAsync();
        _changes.Dispose();
    }
}
