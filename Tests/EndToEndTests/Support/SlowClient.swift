import Foundation
import Glibc
import TestSupport

/// Somebody who speaks HTTP by hand, as slowly as the test likes, and keeps next to nothing of what was not read yet.
final class SlowClient: Sendable {
    private let descriptor: Int32

    /// Connects to an origin on this machine.
    init(_ origin: String) throws {
        let port = Int(origin.split(separator: ":").last ?? "") ?? 0
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var (size, isOn, limit) = (Int32(2048), Int32(1), timeval(tv_sec: 30, tv_usec: 0))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &isOn, socklen_t(MemoryLayout<Int32>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        guard Loopback.at(port, { connect(descriptor, $0, $1) }) == 0 else { throw CocoaError(.fileReadUnknown) }
    }

    deinit {
        close(descriptor)
    }

    func send(_ bytes: some Sequence<UInt8>) throws {
        let bytes = Array(bytes)
        guard Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Waits for the first line of the answer.
    func statusLine() async throws -> String {
        try await onThread { [descriptor] in
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while recv(descriptor, &byte, 1, 0) == 1, byte != UInt8(ascii: "\r") { line.append(byte) }
            return String(decoding: line, as: UTF8.self)
        }
    }
}
