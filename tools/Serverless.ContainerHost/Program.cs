using Microsoft.Extensions.Options;
using Serverless.ContainerHost.Hosting;
using Serverless.ContainerHost.Settings;

try
{
    await ContainerHostApplication.Create(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is ContainerHostException or OptionsValidationException)
{
    Console.Error.WriteLine($"The container host cannot run: {e.Message}");
    return 1;
}
