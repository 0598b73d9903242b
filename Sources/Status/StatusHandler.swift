import NIOCore
import NIOHTTP1

/// Answers the requests of one connection, one after the other: the pipeline lets the next in when the answer before is out.
final class StatusHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Nobody has to send a body here; who sends more than this is let go.
    private static let bodyLimit = 1 << 16

    private let watch: Watch
    private var head: HTTPRequestHead?
    private var bodyCount = 0

    init(_ watch: Watch) {
        self.watch = watch
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
            guard head.method == .GET || head.method == .HEAD else { return Self.send(.wrongMethod, to: head, on: context.channel) }
            let route = StatusRoute(target: head.uri, accept: head.headers.first(name: "accept"))
            watch.answer(route, on: context.eventLoop) { [channel = context.channel] in Self.send($0, to: head, on: channel) }
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nothing has come for a while, or the other side has closed its half.
        if event is IdleStateHandler.IdleStateEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private static func send(_ answer: StatusAnswer, to request: HTTPRequestHead, on channel: any Channel) {
        var head = HTTPResponseHead(version: request.version, status: answer.status)
        let body = ByteBuffer(string: answer.body)
        for (name, value) in [
            ("Content-Type", answer.contentType), ("Content-Length", "\(body.readableBytes)"), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
        ] + answer.fields { head.headers.add(name: name, value: value) }
        channel.write(HTTPServerResponsePart.head(head), promise: nil)
        if request.method != .HEAD { channel.write(HTTPServerResponsePart.body(.byteBuffer(body)), promise: nil) }
        let isKept = request.isKeepAlive
        channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in if !isKept { channel.close(promise: nil) } }
    }
}
