using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Serverless.FunctionsHost.Lifetime;
using Serverless.FunctionsHost.Rpc;
using Serverless.FunctionsHost.Settings;

try
{
    await HostApplication.Create(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is HostConfigurationException or OptionsValidationException or WorkerLostException
    or IOException { InnerException: AddressInUseException })
{
    Console.Error.WriteLine($"The functions host cannot run: {e.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    // Told to stop before the first worker was ready.
    return 0;
}
