namespace Serverless.ServiceBusEmulator.Entities;

internal interface IForwardTargets
{
    Entity? Find(string path);
}
