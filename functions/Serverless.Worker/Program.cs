using Serverless.Worker;

await using var app = WorkerApplication.Build(args);
await app.RunAsync();
