using System.Text;
using Serverless.Inference.Generation.Constraints.Vocabulary;

namespace Serverless.Inference.Tests.Generation.Constraints.Vocabulary;

public sealed class ByteTrieTests
{
    [Fact]
    public void Build_Tokens_AreInPreorderWithTheirSubtrees()
    {
        string[] tokens = ["b", "abc", "ab", "b", "ad"];

        var trie = new ByteTrie(Enumerable.Range(0, tokens.Length), token => Encoding.UTF8.GetBytes(tokens[token]));

        Assert.Equal(
            ["0 a 4 ", "1 b 3 2", "2 c 3 1", "1 d 4 4", "0 b 5 0,3"],
            Enumerable.Range(0, trie.Count).Select(node =>
                $"{trie.Depth(node)} {(char)trie.Label(node)} {trie.End(node)} {string.Join(',', trie.TokensAt(node).ToArray())}"));
        Assert.Equal(3, trie.MaxDepth);
    }
}
