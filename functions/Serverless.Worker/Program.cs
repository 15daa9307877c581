using Serverless.Inference.Onnx;
using Serverless.Worker;
using Serverless.Worker.Starting;

var start = ProcessStart.Now();
RuntimeStart.Begin();
await using var app = WorkerApplication.Build(args, start);
await app.RunAsync();
