import CFastCGI
import Glibc

/// libfcgi's state for the requests of one thread, one after the other.
///
/// It keeps `FCGX_Request` at one heap address, because its streams point back at it, and never lets libfcgi accept a connection:
/// its listening socket is -1. What is read from the parameters must be copied before ``finish(keep:)``.
final class FCGXRequest {
    /// Whether libfcgi could be prepared, which is done once in a process.
    ///
    /// Its handler of SIGTERM is taken back: it does nothing, so a SIGTERM that comes before somebody else takes signals would be lost.
    static let isLibraryReady: Bool = {
        var termination = sigaction()
        sigaction(SIGTERM, nil, &termination)
        defer { sigaction(SIGTERM, &termination, nil) }
        return FCGX_Init() == 0
    }()

    /// What becomes of a connection whose request has been answered.
    enum Ending {
        /// It was closed.
        case closed
        /// It stays open for the next request.
        case kept(Int32)
        /// Its reader has not taken all of the answer yet.
        case unsent(Int32, UnsentAnswer)
        /// It has its answer, and its peer is still sending a body that nobody wants.
        case unread(Int32)
    }

    /// Up to how many bytes an answer fits into the buffer of an idle connection, whose default on Linux is 208 KiB with all that it costs.
    private static let bufferedCount = 64 << 10

    private let request = UnsafeMutablePointer<FCGX_Request>.allocate(capacity: 1)
    /// The peer's connection while a request is answered.
    private var connection: Int32 = -1
    /// A file of the memory from which libfcgi reads a request that came bit by bit. It is made before descriptors can be short.
    private var desk = FCGXRequest.memoryFile()
    /// Whether the present request is in that file.
    private var isFromDesk = false
    /// Whether the answer is written to a file of the memory first.
    private var isAnswerKept = false
    /// Whether all of the request is where libfcgi reads it, so that reading never waits.
    private(set) var isWhole = false

    init() {
        FCGX_InitRequest(request, -1, 0)
    }

    deinit {
        if desk >= 0 { close(desk) }
        request.deallocate()
    }

    /// Reads a request up to the end of its parameters from a connection, which it takes over. `isWhole` says whether all of it has come.
    ///
    /// False if there is none: the peer closed, stalled, aborted, or wants another role than RESPONDER (section 6.1). Then the
    /// connection is closed.
    func begin(on connection: Int32, isWhole: Bool) -> Bool {
        self.isWhole = isWhole
        isFromDesk = false
        return begin(on: connection, reading: connection)
    }

    /// The same for a request that was taken from the connection before, by its web server bit by bit.
    func begin(_ incoming: IncomingRequest, on connection: Int32) -> Bool {
        isWhole = incoming.state == .whole
        isFromDesk = true
        if desk < 0 { desk = Self.memoryFile() }
        let isThere = incoming.records.withUnsafeBytes { records in
            lseek(desk, 0, SEEK_SET) == 0 && ftruncate(desk, 0) == 0
                && Glibc.write(desk, records.baseAddress, records.count) == records.count
                && lseek(desk, 0, SEEK_SET) == 0
        }
        guard isThere, begin(on: connection, reading: desk) else {
            if isThere {
                // libfcgi has closed what it read from.
                desk = -1
                close(connection)
            }
            return false
        }
        return true
    }

    private func begin(on connection: Int32, reading source: Int32) -> Bool {
        self.connection = connection
        isAnswerKept = false
        request.pointee.ipcFd = source
        // FCGX_Accept_r begins with FCGX_Finish_r, which closes a connection that is not kept.
        request.pointee.keepConnection = 1
        // Whenever libfcgi closes the connection: at once, not after up to 2 s of waiting for the peer to close first.
        request.pointee.detached = 1
        guard FCGX_Accept_r(request) == 0 else {
            request.pointee.ipcFd = -1
            return false
        }
        // A parameter stream that was cut between two pairs is accepted; only the stream's error tells.
        guard FCGX_GetError(request.pointee.in) == 0, request.pointee.role == FCGI_RESPONDER else {
            FCGX_Free(request, 1)
            return false
        }
        return true
    }

    private static func memoryFile() -> Int32 { memfd_create("krea-fcgi", UInt32(MFD_CLOEXEC)) }

    /// The ID that the web server gave the request.
    var requestID: UInt16 { UInt16(truncatingIfNeeded: request.pointee.requestId) }

    /// The parameters, `NAME=value`, up to a null pointer.
    var parameters: UnsafePointer<UnsafeMutablePointer<CChar>?> {
        UnsafePointer(request.pointee.envp)
    }

    /// Reads up to `count` bytes of the body; fewer only at its end or when the stream failed.
    func read(upTo count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            initialized = buffer.withMemoryRebound(to: CChar.self) { characters in
                Int(FCGX_GetStr(characters.baseAddress, Int32(count), request.pointee.in))
            }
        }
    }

    /// Whether the body was read to its end, and nothing failed on the way.
    var hasReadAll: Bool {
        FCGX_HasSeenEOF(request.pointee.in) != 0 && FCGX_GetError(request.pointee.in) == 0
    }

    /// Reads what is left of a body that is all there, and drops it.
    func drain() {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 8192) { buffer in
            while FCGX_GetStr(buffer.baseAddress, Int32(buffer.count), request.pointee.in) == buffer.count {}
        }
    }

    /// Nothing more is read: what follows is written to the peer. An answer of `count` bytes or more, if it is known, that may not fit into the
    /// connection's buffer is kept until its reader has taken it, if `mayKeep` allows that.
    func beginAnswer(count: Int, mayKeep: Bool) {
        request.pointee.ipcFd = connection
        guard mayKeep, count > Self.bufferedCount, hasReadAll else { return }
        let file = Self.memoryFile()
        // Where there is none a worker waits for the reader.
        guard file >= 0 else { return }
        (request.pointee.ipcFd, isAnswerKept) = (file, true)
    }

    /// Writes bytes of the answer; false if the peer is gone or does not read.
    func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { put($0) }
        return FCGX_GetError(request.pointee.out) == 0
    }

    /// Writes text of the answer; an error shows with the next ``write(_:)``.
    func put(_ text: StaticString) {
        put(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Writes text of the answer; an error shows with the next ``write(_:)``.
    func put(_ text: String) {
        var text = text
        text.withUTF8 { put($0) }
    }

    /// Writes bytes of the answer; an error shows with the next ``write(_:)``.
    func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        start.withMemoryRebound(to: CChar.self, capacity: bytes.count) { _ = FCGX_PutStr($0, Int32(bytes.count), request.pointee.out) }
    }

    /// Sends on what has been written; false if the peer is gone or does not read.
    func flush() -> Bool {
        FCGX_FFlush(request.pointee.out) == 0
    }

    /// Ends the request. The connection stays open if the web server asked for that (FCGI_KEEP_CONN, section 3.5), `keep` allows it, the
    /// body was read to its end, and nothing failed.
    func finish(keep: Bool) -> Ending {
        defer {
            request.pointee.ipcFd = -1
            // What a large body took is not kept. Most requests are read from the connection and need no call to the system here.
            if isFromDesk, desk >= 0 { ftruncate(desk, 0) }
        }
        if isAnswerKept { return finishKept() }
        if !hasReadAll { return abandonBody() }
        if !keep, request.pointee.keepConnection != 0 {
            endConnection()
            return .closed
        }
        FCGX_Finish_r(request)
        return request.pointee.ipcFd >= 0 ? .kept(request.pointee.ipcFd) : .closed
    }

    /// Ends a request whose answer was written to a file of the memory.
    private func finishKept() -> Ending {
        let isKept = request.pointee.keepConnection != 0
        let number = requestID
        request.pointee.keepConnection = 1
        FCGX_Finish_r(request)
        guard request.pointee.ipcFd >= 0 else {
            close(connection)
            return .closed
        }
        return .unsent(connection, UnsentAnswer(file: request.pointee.ipcFd, keptFor: isKept ? number : nil))
    }

    /// Ends the request and, in the same moment for the web server, the connection that it wanted to keep.
    private func endConnection() {
        if flush() {
            let bytes = ConnectionCloseNotice.ending(request: requestID)
            _ = bytes.withUnsafeBytes { send(request.pointee.ipcFd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        FCGX_Free(request, 1)
    }

    /// Ends the request although the peer may still be sending.
    ///
    /// Closing at once could take the answer away from it. So it is told that nothing more comes, and gets some time to close by itself.
    private func abandonBody() -> Ending {
        FCGX_FClose(request.pointee.err)
        FCGX_FClose(request.pointee.out)
        shutdown(connection, Int32(SHUT_WR))
        FCGX_Free(request, 0)
        return .unread(connection)
    }
}
