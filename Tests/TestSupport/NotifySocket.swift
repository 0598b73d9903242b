import Foundation
import Glibc

/// Stands in for systemd at the other end of `NOTIFY_SOCKET`.
package final class NotifySocket: Sendable {
    /// As it stands in the variable.
    package let name: String
    private let descriptor: Int32
    private let folder: TemporaryFolder

    package init(isAbstract: Bool) throws {
        folder = try TemporaryFolder()
        name = (isAbstract ? "@" : "") + folder.file("notify")
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(name.utf8)
        if isAbstract { bytes[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
        }
        guard isBound else { throw CocoaError(.fileWriteUnknown) }
    }

    deinit {
        close(descriptor)
    }

    /// Waits, blocking, for the next datagram.
    package func receive() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw CocoaError(.fileReadUnknown) }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Whether a datagram waits.
    package var hasMore: Bool {
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) >= 0
    }
}
