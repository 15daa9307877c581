using Serverless.Worker;
using Serverless.Worker.Starting;

var start = ProcessStart.Now();
await using var app = WorkerApplication.Build(args, start);
await app.RunAsync();
