using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

/// <summary>The structures that a backlog lives in, against plain ones.</summary>
public sealed class IndexTests
{
    [Fact]
    public void SequenceIndex_RandomUse_AgreesWithASortedDictionary()
    {
        var random = new Random(20300101);
        var index = new SequenceIndex();
        var model = new SortedDictionary<long, QueuedMessage>();
        for (long number = 1; number <= 20_000; number++)
        {
            // Now and then a number comes late, as dead letters do.
            var sequence = random.Next(10) == 0 ? (number * 10) - random.Next(1, 200) : number * 10;
            if (model.ContainsKey(sequence))
                continue;
            var message = new QueuedMessage { SequenceNumber = sequence };
            index.Add(message);
            model.Add(sequence, message);
            if (random.Next(3) > 0)
            {
                var victim = random.Next(2) == 0 ? model.First().Value : model.ElementAt(random.Next(Math.Min(model.Count, 50))).Value;
                victim.Status = MessageStatus.Removed;
                index.Forget(victim);
                model.Remove(victim.SequenceNumber);
            }
        }

        Assert.Equal(model.Count, index.Count);
        Assert.Equal(model.Values, index.From(0));
        Assert.All(model.Keys, sequence => Assert.Same(model[sequence], index.Find(sequence)));
        var middle = model.Keys.ElementAt(model.Count / 2);
        Assert.Equal(model.Where(entry => entry.Key >= middle).Select(entry => entry.Value), index.From(middle));
    }

    [Fact]
    public void DeadlineQueue_EntriesThatLostTheirMeaning_AreDropped()
    {
        var alive = new HashSet<string>();
        var queue = new DeadlineQueue<string>((item, _) => alive.Contains(item));
        for (var number = 0; number < 100_000; number++)
        {
            var item = $"{number}";
            alive.Add(item);
            queue.Add(item, number + 1_000_000);
            alive.Remove($"{number - 10}");
        }

        Assert.InRange(queue.Count, 10, 2100);
        Assert.Equal(99_990 + 1_000_000, queue.NextTicks());
    }

    [Fact]
    public void ReadyMessages_ReturnedOnes_ComeInTheirPlace()
    {
        var ready = new ReadyMessages();
        var messages = Enumerable.Range(1, 6).Select(number => new QueuedMessage { SequenceNumber = number }).ToList();
        messages.ForEach(ready.Add);
        var taken = new[] { ready.Dequeue(), ready.Dequeue(), ready.Dequeue() };

        ready.Add(taken[2]);
        ready.Add(taken[0]);
        messages[3].Status = MessageStatus.Removed;

        Assert.Equal([1, 3, 5, 6], Enumerable.Range(0, 4).Select(_ => ready.Dequeue().SequenceNumber));
        Assert.False(ready.TryPeek(out _));
    }
}
