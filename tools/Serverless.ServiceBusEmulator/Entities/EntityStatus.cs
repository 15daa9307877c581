namespace Serverless.ServiceBusEmulator.Entities;

/// <summary>Names as the administration protocol spells them.</summary>
internal enum EntityStatus
{
    Active,
    Disabled,
    SendDisabled,
    ReceiveDisabled,
}
