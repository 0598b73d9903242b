import CFastCGI
import Glibc

/// libfcgi's state for the requests of one thread, one after the other.
///
/// It keeps `FCGX_Request` at one heap address, because its streams point back at it, and never lets libfcgi accept a connection:
/// its listening socket is -1. It reads only: answers are ``OutputRecords``, because no worker may wait for a reader, as libfcgi's streams do.
/// What is read from the parameters must be copied before ``end()``.
final class FCGXRequest {
    /// Whether libfcgi could be prepared, which is done once in a process.
    ///
    /// Its handler of SIGTERM, which does nothing, is removed again: it would lose a SIGTERM that comes early.
    static let isLibraryReady: Bool = {
        var termination = sigaction()
        sigaction(SIGTERM, nil, &termination)
        defer { sigaction(SIGTERM, &termination, nil) }
        return FCGX_Init() == 0
    }()

    private let request = UnsafeMutablePointer<FCGX_Request>.allocate(capacity: 1)
    /// A file of the memory from which libfcgi reads a request that came bit by bit. It is made before descriptors can be short.
    private var desk = FCGXRequest.memoryFile()
    /// Whether the present request is in that file.
    private var isFromDesk = false
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
        return begin(reading: connection)
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
        guard isThere, begin(reading: desk) else {
            // libfcgi has closed what it read from.
            if isThere { desk = -1 }
            close(connection)
            return false
        }
        return true
    }

    private func begin(reading source: Int32) -> Bool {
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

    /// Whether the web server wants the connection kept (FCGI_KEEP_CONN, section 3.5).
    var isKept: Bool { request.pointee.keepConnection != 0 }

    /// Ends the reading. Neither the connection is closed nor anything sent: of what libfcgi holds for a request, 10 KiB and more, nothing is
    /// needed for the answer.
    func end() {
        FCGX_Free(request, 0)
        request.pointee.ipcFd = -1
        // What a large body took is not kept. Most requests are read from the connection and need no call to the system here.
        if isFromDesk, desk >= 0 { ftruncate(desk, 0) }
    }
}
