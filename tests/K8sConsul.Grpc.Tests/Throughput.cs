using System.Diagnostics;
using System.Globalization;

namespace K8sConsul.Grpc.Tests;

/// <summary>What a call and a streamed message cost, both sides in this process: <c>-explicit only -method *Throughput*</c>.</summary>
public sealed class Throughput(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public async Task Unary_calls_and_streamed_messages_per_second()
    {
        await using GrpcHost host = await Echo.StartAsync();
        using GrpcChannel channel = Echo.Channel(host);
        byte[] message = new byte[100];
        for (int round = 0; round < 3; round++)
        {
            const int Calls = 20_000;
            long allocated = GC.GetTotalAllocatedBytes();
            Stopwatch watch = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
            {
                for (int i = 0; i < Calls / 64; i++)
                {
                    await channel.UnaryAsync(Echo.RawUnary, message);
                }
            }));
            double unary = Calls / watch.Elapsed.TotalSeconds;
            long unaryBytes = (GC.GetTotalAllocatedBytes() - allocated) / Calls;

            const int Messages = 1_000_000;
            allocated = GC.GetTotalAllocatedBytes();
            watch.Restart();
            using (GrpcBidiCall<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> call = channel.Bidi(Echo.Raw))
            {
                Task send = Task.Run(async () =>
                {
                    for (int i = 0; i < Messages; i++)
                    {
                        call.Requests.Write(message);
                        if (i % 64 == 63)
                        {
                            await call.Requests.FlushAsync();
                        }
                    }

                    await call.CompleteRequestsAsync();
                });
                int received = 0;
                while (await call.Responses.WaitToReadAsync())
                {
                    while (call.Responses.TryRead(out _))
                    {
                        received++;
                    }
                }

                await send;
                Assert.Equal(Messages, received);
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"unary, 64 at once: {unary:0}/s, {unaryBytes} B; echoed stream of 100 B in batches of 64: {Messages / watch.Elapsed.TotalSeconds:0}/s, {(GC.GetTotalAllocatedBytes() - allocated) / Messages} B"));
        }
    }
}
