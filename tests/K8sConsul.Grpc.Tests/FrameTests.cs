using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;

namespace K8sConsul.Grpc.Tests;

public sealed class FrameTests
{
    [Fact]
    public void A_frame_cut_anywhere_is_not_taken()
    {
        byte[] frame = Frame(0, [1, 2, 3, 4]);
        for (int cut = 0; cut < frame.Length; cut++)
        {
            ReadOnlySequence<byte> buffer = new(frame, 0, cut);
            Assert.False(GrpcFrame.TryRead(ref buffer, 100, out _));
            Assert.Equal(cut, buffer.Length);
        }
    }

    [Fact]
    public void Frames_are_taken_one_by_one_whatever_the_segments()
    {
        byte[] bytes = [.. Frame(0, []), .. Frame(0, [7]), .. Frame(0, [8, 9])];
        for (int size = 1; size <= bytes.Length; size++)
        {
            ReadOnlySequence<byte> buffer = Segment.Sequence(bytes, size);
            List<string> messages = [];
            while (GrpcFrame.TryRead(ref buffer, 100, out ReadOnlySequence<byte> message))
            {
                messages.Add(Convert.ToHexString(message.ToArray()));
            }

            Assert.Equal(["", "07", "0809"], messages);
            Assert.True(buffer.IsEmpty);
        }
    }

    [Theory]
    [InlineData(0, 101u, GrpcStatusCode.ResourceExhausted, "grpc: received message larger than max (101 vs. 100)")]
    [InlineData(0, uint.MaxValue, GrpcStatusCode.ResourceExhausted, "grpc: received message larger than max (4294967295 vs. 100)")]
    [InlineData(1, 4u, GrpcStatusCode.Unimplemented, "grpc: Decompressor is not installed for grpc-encoding")]
    [InlineData(2, 4u, GrpcStatusCode.Internal, "grpc: received unexpected payload format 2")]
    public void A_bad_header_is_refused_before_the_message_has_arrived(byte flag, uint length, GrpcStatusCode code, string detail)
    {
        byte[] header = new byte[5];
        header[0] = flag;
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(1), length);
        GrpcException refused = Assert.Throws<GrpcException>(() =>
        {
            ReadOnlySequence<byte> buffer = new(header);
            GrpcFrame.TryRead(ref buffer, 100, out _);
        });
        Assert.Equal(new GrpcStatus(code, detail), refused.Status);
    }

    [Fact]
    public void Random_bytes_give_frames_that_re_encode_to_themselves_or_a_refusal()
    {
        Random random = new(20261120);
        int frames = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = new byte[random.Next(0, 40)];
            random.NextBytes(bytes);
            if (bytes.Length > 4 && random.Next(2) == 0)
            {
                bytes[0] = 0;
                BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), random.Next(0, 40));
            }

            ReadOnlySequence<byte> buffer = new(bytes);
            try
            {
                while (GrpcFrame.TryRead(ref buffer, 32, out ReadOnlySequence<byte> message))
                {
                    byte[] taken = bytes[..^(int)buffer.Length];
                    Assert.EndsWith(Convert.ToHexString(Frame(0, message.ToArray())), Convert.ToHexString(taken));
                    frames++;
                }
            }
            catch (GrpcException e)
            {
                Assert.Contains(e.Status.Code, new[] { GrpcStatusCode.Internal, GrpcStatusCode.Unimplemented, GrpcStatusCode.ResourceExhausted });
            }
        }

        Assert.True(frames > 100, $"the input was too random: only {frames} frames");
    }

    [Fact]
    public void A_marshaller_that_lies_about_its_size_is_found_out()
    {
        GrpcMarshaller<int> liar = new(static _ => 3, static (_, output) => output.Write(new byte[2]), static _ => 0);
        Pipe pipe = new();
        Assert.Throws<InvalidOperationException>(() => GrpcFrame.Write(new CountingWriter(pipe.Writer), liar, 1, 100));
    }

    private static byte[] Frame(byte flag, byte[] message)
    {
        byte[] frame = new byte[5 + message.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public static ReadOnlySequence<byte> Sequence(byte[] bytes, int size)
        {
            Segment first = new() { Memory = bytes.AsMemory(0, Math.Min(size, bytes.Length)) };
            Segment last = first;
            for (int at = size; at < bytes.Length; at += size)
            {
                Segment next = new() { Memory = bytes.AsMemory(at, Math.Min(size, bytes.Length - at)), RunningIndex = at };
                last.Next = next;
                last = next;
            }

            return new(first, 0, last, last.Memory.Length);
        }
    }
}
