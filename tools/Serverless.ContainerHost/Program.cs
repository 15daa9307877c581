using Microsoft.Extensions.Options;
using Serverless.ContainerHost.Hosting;
using Serverless.Scaling;

try
{
    await ContainerHostApplication.Create(args).RunAsync();
    return 0;
}
catch (Exception e) when (e is ScaleRulesException or OptionsValidationException)
{
    Console.Error.WriteLine($"The container host cannot run: {e.Message}");
    return 1;
}
