namespace Serverless.SampleModels.Decoders;

/// <summary>
/// Gives a decoder's weights, row-major. Matrices are <c>[in, out]</c>: a row vector times them. Asked for, in this order, are
/// <list type="bullet">
/// <item><c>embedding</c> [vocabulary, hidden], which also is the head of a tied decoder;</item>
/// <item>of each layer N from 0: <c>layers.N.attention.norm</c> [hidden]; <c>layers.N.attention.q</c> [hidden, heads · head size];
/// <c>layers.N.attention.k</c> and <c>.v</c> [hidden, key-value heads · head size]; <c>layers.N.attention.o</c>
/// [heads · head size, hidden]; <c>layers.N.mlp.norm</c> [hidden]; <c>layers.N.mlp.gate</c> and <c>.up</c> [hidden, intermediate];
/// <c>layers.N.mlp.down</c> [intermediate, hidden];</item>
/// <item><c>norm</c> [hidden];</item>
/// <item><c>head</c> [hidden, vocabulary], unless the decoder is tied.</item>
/// </list>
/// Head h takes columns from h · head size on; the heads of a group lie side by side and share the keys and values of the head of that
/// number. A layer is <c>x += o(attention(norm(x)))</c>, then <c>x += down(silu(gate(norm(x))) · up(norm(x)))</c>. Rotation turns number i
/// of a head with number i + size / 2 by position · base^(-2i / size).
/// </summary>
/// <param name="name">One of the names above.</param>
/// <param name="shape">Its dimensions.</param>
/// <returns>As many numbers as <paramref name="shape"/> says.</returns>
public delegate float[] WeightSource(string name, IReadOnlyList<int> shape);
