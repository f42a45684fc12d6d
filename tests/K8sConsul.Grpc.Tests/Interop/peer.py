"""A stock gRPC peer: `peer.py server` prints its port; `peer.py client PORT` runs calls and prints what they gave."""
import sys
from concurrent import futures

import grpc

METHOD = "/test.Echo/"


class Echo(grpc.GenericRpcHandler):
    def service(self, details):
        name = details.method.rsplit("/", 1)[1]
        if name == "RawUnary":
            return grpc.unary_unary_rpc_method_handler(self.unary)
        if name == "Fail":
            return grpc.unary_unary_rpc_method_handler(lambda _, ctx: ctx.abort(grpc.StatusCode.FAILED_PRECONDITION, "50% \u00fcnder\n"))
        if name == "Slow":
            return grpc.unary_unary_rpc_method_handler(self.slow)
        if name == "Many":
            return grpc.unary_stream_rpc_method_handler(lambda request, ctx: (request for _ in range(1000)))
        if name == "Raw":
            return grpc.stream_stream_rpc_method_handler(lambda requests, ctx: (request for request in requests))
        return None

    @staticmethod
    def unary(request, ctx):
        ctx.set_trailing_metadata((("x-remaining", str(ctx.time_remaining() is not None)), ("x-raw-bin", b"\x00\xff")))
        return request

    @staticmethod
    def slow(_, ctx):
        gone = __import__("threading").Event()
        ctx.add_callback(gone.set)
        gone.wait(60)
        return b""


def server():
    peer = grpc.server(futures.ThreadPoolExecutor(8))
    peer.add_generic_rpc_handlers((Echo(),))
    port = peer.add_insecure_port("127.0.0.1:0")
    peer.start()
    print(port, flush=True)
    sys.stdin.read()
    peer.stop(0)


def client(port):
    with grpc.insecure_channel(f"127.0.0.1:{port}", options=[("grpc.max_receive_message_length", -1)]) as channel:
        unary = channel.unary_unary(METHOD + "RawUnary")
        big = bytes(range(256)) * 8192
        print("unary", unary(b"hello").decode(), unary(b"") == b"", unary(big) == big)
        results = [unary.future(str(i).encode()) for i in range(2000)]
        print("concurrent", all(r.result() == str(i).encode() for i, r in enumerate(results)))
        print("bidi", sum(len(m) for m in channel.stream_stream(METHOD + "Raw")(iter([b"abc"] * 5000))))
        for name, message, timeout in (("Fail", b"\n\x03no!", None), ("Nothing", b"", None), ("Stuck", b"", 0.2)):
            try:
                channel.unary_unary(METHOD + name)(message, timeout=timeout)
                print(name, "ok?")
            except grpc.RpcError as error:
                print(name, error.code().name, "" if name == "Stuck" else error.details())
        stream = channel.stream_stream(METHOD + "Raw")(iter([]))
        print("empty", list(stream), stream.code().name)


if __name__ == "__main__":
    if sys.argv[1] == "server":
        server()
    else:
        client(sys.argv[2])
