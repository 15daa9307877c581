namespace Serverless.SampleModels.Decoders;

/// <summary>Writes what differs between kinds of decoders.</summary>
internal interface IAttentionWriter
{
    /// <summary>Writes the inputs beside <c>input_ids</c> and <c>attention_mask</c>, and what all layers share.</summary>
    void Begin();

    /// <summary>Writes a root mean square norm.</summary>
    string Norm(string name, string x, string weight);

    /// <summary>Writes attention over queries, keys and values <c>[batch, sequence, heads · size]</c>; with the result alike.</summary>
    string Attend(int layer, string query, string key, string value);
}
