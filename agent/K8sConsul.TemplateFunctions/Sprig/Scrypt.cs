using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace K8sConsul.Template.Functions;

/// <summary>RFC 7914 with N = 32768, r = 8 and p = 2, which takes 32 MiB.</summary>
internal static class Scrypt
{
    private const int Cost = 32_768;
    private const int BlockSize = 8;
    private const int Parallelization = 2;

    /// <summary>A block of 128 r bytes, as words.</summary>
    private const int BlockWords = 32 * BlockSize;

    private const int SalsaWords = 16;

    public static byte[] Derive(byte[] password, byte[] salt, int length)
    {
        byte[] blocks = Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations: 1, HashAlgorithmName.SHA256, Parallelization * BlockWords * sizeof(uint));
        uint[] memory = new uint[Cost * BlockWords];
        for (int i = 0; i < Parallelization; i++)
        {
            Mix(blocks.AsSpan(i * BlockWords * sizeof(uint), BlockWords * sizeof(uint)), memory);
        }

        return Rfc2898DeriveBytes.Pbkdf2(password, blocks, iterations: 1, HashAlgorithmName.SHA256, length);
    }

    /// <summary>RFC 7914 §5: fill the memory, then visit it in an order that depends on what is there.</summary>
    private static void Mix(Span<byte> block, uint[] memory)
    {
        uint[] current = new uint[BlockWords];
        uint[] next = new uint[BlockWords];
        for (int i = 0; i < BlockWords; i++)
        {
            current[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(i * sizeof(uint))..]);
        }

        for (int i = 0; i < Cost; i++)
        {
            current.CopyTo(memory.AsSpan(i * BlockWords));
            MixBlock(current, next);
            (current, next) = (next, current);
        }

        for (int i = 0; i < Cost; i++)
        {
            int visited = (int)(current[BlockWords - SalsaWords] & (Cost - 1));
            Xor(current, memory.AsSpan(visited * BlockWords, BlockWords));
            MixBlock(current, next);
            (current, next) = (next, current);
        }

        for (int i = 0; i < BlockWords; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[(i * sizeof(uint))..], current[i]);
        }
    }

    /// <summary>RFC 7914 §4: each part is mixed into the one before; even ones go into the first half, odd ones into the second.</summary>
    private static void MixBlock(uint[] input, uint[] output)
    {
        Span<uint> part = stackalloc uint[SalsaWords];
        input.AsSpan(BlockWords - SalsaWords).CopyTo(part);
        for (int i = 0; i < 2 * BlockSize; i++)
        {
            Xor(part, input.AsSpan(i * SalsaWords, SalsaWords));
            Salsa(part);
            part.CopyTo(output.AsSpan(((i / 2) + (i % 2 * BlockSize)) * SalsaWords));
        }
    }

    private static void Xor(Span<uint> target, ReadOnlySpan<uint> source)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] ^= source[i];
        }
    }

    /// <summary>Salsa20/8: four double rounds over columns and rows of a square of sixteen words.</summary>
    private static void Salsa(Span<uint> words)
    {
        const int DoubleRounds = 4;
        Span<uint> x = stackalloc uint[SalsaWords];
        words.CopyTo(x);
        for (int round = 0; round < DoubleRounds; round++)
        {
            for (int i = 0; i < 4; i++)
            {
                Quarter(x, i * 5, ((i * 5) + 4) & 15, ((i * 5) + 8) & 15, ((i * 5) + 12) & 15);
            }

            for (int i = 0; i < 4; i++)
            {
                int row = i * 4;
                Quarter(x, row + i, row + ((i + 1) & 3), row + ((i + 2) & 3), row + ((i + 3) & 3));
            }
        }

        for (int i = 0; i < SalsaWords; i++)
        {
            words[i] += x[i];
        }
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
    {
        x[b] ^= BitOperations.RotateLeft(x[a] + x[d], 7);
        x[c] ^= BitOperations.RotateLeft(x[b] + x[a], 9);
        x[d] ^= BitOperations.RotateLeft(x[c] + x[b], 13);
        x[a] ^= BitOperations.RotateLeft(x[d] + x[c], 18);
    }
}
