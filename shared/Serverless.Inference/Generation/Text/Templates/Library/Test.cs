using Serverless.Inference.Generation.Text.Templates.Values;

namespace Serverless.Inference.Generation.Text.Templates.Library;

internal delegate bool Test(object? value, Arguments arguments);
