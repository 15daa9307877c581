using Serverless.LoadGenerator;

return GeneratorProgram.Run(Console.In, Console.Out);
