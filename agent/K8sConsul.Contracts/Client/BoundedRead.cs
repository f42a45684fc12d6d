namespace K8sConsul.Contracts.Client;

/// <summary>Reads streams whose sender chooses the length.</summary>
public static class BoundedRead
{
    private const int FirstBufferBytes = 16 * 1024;

    /// <summary>All of it.</summary>
    /// <exception cref="InvalidDataException">There is more than <paramref name="bytesMax"/>.</exception>
    public static byte[] ToEnd(Stream source, int bytesMax)
    {
        byte[] buffer = new byte[Math.Min(FirstBufferBytes, bytesMax + 1)];
        int length = 0;
        while (true)
        {
            int count = source.Read(buffer, length, buffer.Length - length);
            if (count == 0)
            {
                return Trimmed(buffer, length);
            }

            length += count;
            Grow(ref buffer, length, bytesMax);
        }
    }

    /// <inheritdoc cref="ToEnd"/>
    public static async ValueTask<byte[]> ToEndAsync(Stream source, int bytesMax, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[Math.Min(FirstBufferBytes, bytesMax + 1)];
        int length = 0;
        while (true)
        {
            int count = await source.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return Trimmed(buffer, length);
            }

            length += count;
            Grow(ref buffer, length, bytesMax);
        }
    }

    private static void Grow(ref byte[] buffer, int length, int bytesMax)
    {
        if (length > bytesMax)
        {
            throw new InvalidDataException($"more than the {bytesMax} bytes allowed");
        }

        if (length == buffer.Length)
        {
            // One byte beyond the limit is room enough to see that it is passed.
            Array.Resize(ref buffer, (int)Math.Min((long)buffer.Length * 2, (long)bytesMax + 1));
        }
    }

    private static byte[] Trimmed(byte[] buffer, int length)
    {
        return length == buffer.Length ? buffer : buffer[..length];
    }
}
