using Serverless.Inference.Execution;
using Serverless.Inference.Lifecycle;

namespace Serverless.Worker.Serving;

/// <summary>Reads a body, infers and answers, with a model that is held for it.</summary>
internal delegate Task InferCall(HttpContext context, ModelLease lease, RunTerms terms, CancellationToken cancellationToken);
