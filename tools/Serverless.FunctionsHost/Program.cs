using Serverless.FunctionsHost.Lifetime;

await HostApplication.Create(args).RunAsync();
