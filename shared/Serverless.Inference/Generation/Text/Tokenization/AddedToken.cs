using System.Text.Json;

namespace Serverless.Inference.Generation.Text.Tokenization;

/// <summary>A token that is found in a text as it is written, before the model splits it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">How it is written.</param>
/// <param name="IsSpecial">Whether it controls the model rather than being text.</param>
/// <param name="Source">Its entry in the file; null where only another file calls it special.</param>
internal sealed record AddedToken(int Id, string Content, bool IsSpecial, JsonElement? Source);
