import CFastCGI
import Glibc

/// libfcgi's state for the requests of one thread, one after the other.
///
/// It keeps `FCGX_Request` at one heap address, because its streams point back at it, and never lets libfcgi accept a connection:
/// its listening socket is -1. What is read from the parameters must be copied before ``finish(keep:)``.
final class LibraryRequest {
    /// Whether libfcgi could be prepared, which is done once in a process.
    ///
    /// Its handler of SIGTERM is taken back: it does nothing, so a SIGTERM that comes before somebody else takes signals would be lost.
    static let isLibraryReady: Bool = {
        var termination = sigaction()
        sigaction(SIGTERM, nil, &termination)
        defer { sigaction(SIGTERM, &termination, nil) }
        return FCGX_Init() == 0
    }()

    private let request = UnsafeMutablePointer<FCGX_Request>.allocate(capacity: 1)

    init() {
        FCGX_InitRequest(request, -1, 0)
    }

    deinit {
        request.deallocate()
    }

    /// Reads a request up to the end of its parameters from a connection, which it takes over.
    ///
    /// False if there is none: the peer closed, stalled, aborted, or wants another role than RESPONDER (section 6.1). Then the
    /// connection is closed.
    func begin(on connection: Int32) -> Bool {
        request.pointee.ipcFd = connection
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

    /// Reads what is left of the body, up to `limit` bytes, and drops it.
    func drain(limit: Int) {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 8192) { buffer in
            var left = limit
            while left > 0, FCGX_GetStr(buffer.baseAddress, Int32(buffer.count), request.pointee.in) == buffer.count {
                left -= buffer.count
            }
        }
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

    /// Ends the request. The connection is returned if it stays open: if the web server asked for that (FCGI_KEEP_CONN, section 3.5),
    /// `keep` allows it, the body was read to its end, and nothing failed.
    func finish(keep: Bool) -> Int32? {
        defer { request.pointee.ipcFd = -1 }
        if FCGX_HasSeenEOF(request.pointee.in) == 0 {
            abandonBody()
            return nil
        }
        if !keep, request.pointee.keepConnection != 0 {
            endConnection()
            return nil
        }
        FCGX_Finish_r(request)
        return request.pointee.ipcFd >= 0 ? request.pointee.ipcFd : nil
    }

    /// Ends the request and, in the same moment for the web server, the connection that it wanted to keep.
    private func endConnection() {
        if flush() {
            let bytes = Farewell.ending(request: requestID)
            _ = bytes.withUnsafeBytes { send(request.pointee.ipcFd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        }
        FCGX_Free(request, 1)
    }

    /// Ends the request and the connection although the peer is still sending.
    ///
    /// Closing at once could take the answer away from it. So it is told that nothing more comes, and gets the time that it needs to
    /// close by itself, measured in bytes.
    private func abandonBody() {
        FCGX_FClose(request.pointee.err)
        FCGX_FClose(request.pointee.out)
        shutdown(request.pointee.ipcFd, Int32(SHUT_WR))
        withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            var reads = 0
            while reads < 128, Glibc.read(request.pointee.ipcFd, buffer.baseAddress, buffer.count) > 0 { reads += 1 }
        }
        FCGX_Free(request, 1)
    }
}
