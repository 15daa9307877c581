using Serverless.Benchmarks;

return await BenchmarkProgram.RunAsync(args, CancellationToken.None);
