using Serverless.GenAiBaseline;

return BaselineProgram.Run(args, Console.In, Console.Out);
