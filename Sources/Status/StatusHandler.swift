import NIOCore
import NIOHTTP1

/// Answers the requests of one connection, one after the other: the pipeline lets the next in when the answer before is out.
final class StatusHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Nobody has to send a body here; who sends more than this is let go.
    private static let bodyLimit = 1 << 16

    /// How long a connection may go without a whole request and the whole answer to it, whether it says nothing or little.
    static let patience = TimeAmount.seconds(60)

    private let watch: Watch
    private var head: HTTPRequestHead?
    private var bodyCount = 0
    private var deadline: Scheduled<Void>?

    init(_ watch: Watch) {
        self.watch = watch
    }

    func channelActive(context: ChannelHandlerContext) {
        wait(for: context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    /// From now on there is the whole patience again.
    private func wait(for channel: any Channel) {
        deadline?.cancel()
        deadline = channel.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            bodyCount = 0
        case .body(let part):
            bodyCount += part.readableBytes
            if bodyCount > Self.bodyLimit { context.close(promise: nil) }
        case .end:
            guard let head else { return }
            self.head = nil
            let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
            let send = { @Sendable [channel = context.channel] answer in handler.value.send(answer, to: head, on: channel) }
            guard head.method == .GET || head.method == .HEAD else { return send(.wrongMethod) }
            watch.answer(
                StatusRoute(target: head.uri, accept: head.headers.first(name: "accept")), on: context.eventLoop, send)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func send(_ answer: StatusAnswer, to request: HTTPRequestHead, on channel: any Channel) {
        var head = HTTPResponseHead(version: request.version, status: answer.status)
        let body = ByteBuffer(string: answer.body)
        for (name, value) in [
            ("Content-Type", answer.contentType), ("Content-Length", "\(body.readableBytes)"), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ] + answer.fields { head.headers.add(name: name, value: value) }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if request.method != .HEAD { channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil) }
        let isKept = request.isKeepAlive
        let handler = NIOLoopBound(self, eventLoop: channel.eventLoop)
        channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in
            if isKept { handler.value.wait(for: channel) } else { channel.close(promise: nil) }
        }
    }
}
