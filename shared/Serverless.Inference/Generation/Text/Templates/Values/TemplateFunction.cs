namespace Serverless.Inference.Generation.Text.Templates.Values;

/// <summary>What a template can call.</summary>
internal delegate object? TemplateFunction(TemplateRun run, Arguments arguments);
