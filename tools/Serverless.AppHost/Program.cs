using Serverless.AppHost;
using Serverless.Topology.Azurite;
using Serverless.Topology.Layout;
using Serverless.Topology.Platform;

var repository = Repository.Find();
var options = PlatformOptions.Usual() with { Replicas = WorkerReplicas.OfThisMachine };
var commands = new PlatformCommands(repository, options);
var script = await AzuriteInstallation.EnsureAsync(repository, CancellationToken.None);

var builder = DistributedApplication.CreateBuilder(args);
var storage = builder.AddService(commands.Azurite(script));
var serviceBus = builder.AddService(commands.ServiceBus());
var containers = builder.AddService(commands.ContainerHost()).WaitFor(storage).WaitFor(serviceBus);
builder.AddService(commands.Functions()).WaitFor(storage).WaitFor(serviceBus).WaitFor(containers);

Console.WriteLine($"API at http://127.0.0.1:{options.Ports.Functions} with key {options.ApiKey}");
Console.WriteLine($"Replicas of the worker at http://127.0.0.1:{options.Ports.ContainerHost.Management}, none until something is asked");
Console.WriteLine($"Service Bus at {options.Ports.ServiceBus.ConnectionString}");
await builder.Build().RunAsync();
