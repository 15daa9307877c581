namespace Serverless.ServiceBusEmulator.Queues;

/// <summary>A receiver's link as its queue sees it.</summary>
internal interface IConsumer
{
    bool HasCredit { get; }

    /// <summary>Receive-and-delete: the message is gone once it is handed over.</summary>
    bool SettlesOnDelivery { get; }

    /// <summary>False when the link took nothing: its credit was withdrawn meanwhile or it is closing.</summary>
    bool TryDeliver(Guid lockToken, byte[] message);

    /// <summary>The session it held went to nobody or somebody else; the link must end.</summary>
    void OnSessionLost(string sessionId);

    /// <summary>The entity is gone; the link must end.</summary>
    void OnEntityDeleted();
}
