using System.Buffers.Binary;
using System.Text;
using Serverless.ServiceBusEmulator.Queues;

namespace Serverless.ServiceBusEmulator.Tests.Queues;

/// <summary>A receiver that takes as many messages as it was given credit for.</summary>
internal sealed class FakeConsumer(int credit, bool settlesOnDelivery = false) : IConsumer
{
    private static readonly byte[] SequenceKey = Encoding.ASCII.GetBytes("x-opt-sequence-number");

    public List<(Guid Token, long Number)> Deliveries { get; } = [];

    public IEnumerable<long> Numbers => Deliveries.Select(delivery => delivery.Number);

    public int Credit { get; set; } = credit;

    public bool IsSessionLost { get; private set; }

    public bool HasCredit => Credit > 0;

    public bool SettlesOnDelivery => settlesOnDelivery;

    public bool TryDeliver(Guid lockToken, byte[] message)
    {
        Credit--;
        var key = message.AsSpan().IndexOf(SequenceKey);
        Deliveries.Add((lockToken, BinaryPrimitives.ReadInt64BigEndian(message.AsSpan(key + SequenceKey.Length + 1))));
        return true;
    }

    public void OnSessionLost(string sessionId) => IsSessionLost = true;

    public void OnEntityDeleted()
    {
    }
}
