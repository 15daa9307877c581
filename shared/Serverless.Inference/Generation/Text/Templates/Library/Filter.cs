using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

internal delegate object? Filter(TemplateRun run, object? value, Arguments arguments);
