using Serverless.ServiceBusEmulator;
using Serverless.ServiceBusEmulator.Configuration;

if (args.Contains("--help"))
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

if (!CommandLine.TryRead(args, out var options, out var error))
{
    await Console.Error.WriteLineAsync($"{error}\n\n{CommandLine.Usage}");
    return 2;
}

return await EmulatorProcess.RunAsync(options);
