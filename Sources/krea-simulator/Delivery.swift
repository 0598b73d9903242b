import FlyingFox
import FlyingSocks
import FoundationEssentials
import HTTPTypes

extension FlyingFox.HTTPResponse {
    /// The response that delivers `reaction`. `clock` times the pauses of a dripping body.
    init(_ reaction: Reaction, clock: any Clock<Duration>) {
        let status = HTTPStatusCode(reaction.response.status.code, phrase: reaction.response.status.reasonPhrase)
        var headers = HTTPHeaders()
        for field in reaction.response.headerFields { headers.addValue(field.value, for: HTTPHeader(field.name.rawName)) }
        let body = reaction.body
        switch reaction.delivery {
        case .whole:
            self.init(statusCode: status, headers: headers, body: Data(body))
        case .cut:
            self.init(webSocket: NoAnswer())
        case .truncated:
            let half = PacedBytes(bytes: Array(body.prefix(body.count / 2)), piece: body.count, pause: .zero, isCut: true, clock: clock)
            self.init(statusCode: status, headers: headers, body: HTTPBodySequence(from: half, count: body.count))
        case .held(let count):
            let pieces = PacedBytes(bytes: body, piece: count, pause: .zero, holdAt: count, isCut: false, clock: clock)
            self.init(statusCode: status, headers: headers, body: HTTPBodySequence(from: pieces, count: body.count))
        case .endless:
            let pieces = PacedBytes(
                bytes: body.isEmpty ? [0x20] : body, piece: 1 << 16, pause: .zero, isCut: false, isEndless: true, clock: clock)
            self.init(statusCode: status, headers: headers, body: HTTPBodySequence(from: pieces))
        case .dripping(let piece, let every):
            let pieces = PacedBytes(bytes: body, piece: piece, pause: .milliseconds(every), isCut: false, clock: clock)
            self.init(statusCode: status, headers: headers, body: HTTPBodySequence(from: pieces, count: body.count))
        }
    }
}

/// Makes the server close a connection.
private struct ConnectionCut: Error {}

/// Closes the connection before a byte is sent: the server asks a WebSocket handler for frames before it writes the head, and closes when
/// that throws.
private struct NoAnswer: WSHandler {
    func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> {
        throw ConnectionCut()
    }
}

/// Bytes in pieces, with a pause before each. A cut sequence throws after the last piece, which closes the connection.
private struct PacedBytes: AsyncBufferedSequence {
    typealias Element = UInt8

    var bytes: [UInt8]
    var piece: Int
    var pause: Duration
    /// The position where the rest waits for a day.
    var holdAt: Int?
    var isCut: Bool
    var isEndless = false
    var clock: any Clock<Duration>

    func makeAsyncIterator() -> Iterator { Iterator(source: self) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var source: PacedBytes
        var position = 0

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            if source.isEndless, position == source.bytes.count { position = 0 }
            guard position < source.bytes.count else {
                if source.isCut { throw ConnectionCut() }
                return nil
            }
            if let holdAt = source.holdAt, position >= holdAt { try await source.clock.sleep(for: .seconds(86_400)) }
            if source.pause > .zero { try await source.clock.sleep(for: source.pause) }
            let slice = source.bytes[position...].prefix(Swift.min(source.piece, count))
            position = slice.endIndex
            return slice
        }
    }
}
